import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

import { maxSteps, maxTokens } from "./limits.ts";
import { claude, gpt, type Model, type Reply, type Turn } from "./models.ts";
import { systemPrompt } from "./prompt.ts";
import { runTool } from "./run-tool.ts";
import { chatSpan, endChat, endTool, genAiMessage, type Telemetry, toolSpan } from "./telemetry.ts";
import { getOrder } from "./tools/orders.ts";
import { createRefund } from "./tools/refunds.ts";
import { searchHelp } from "./tools/search.ts";
import type { Tool } from "./tools/tool.ts";

/** A question to the agent. */
export interface Request {
  readonly id: string;
  readonly user: string;
  readonly text: string;
}

type StartSpan = (name: string, options: SpanOptions) => Span;

/** What the agent can do. */
export const tools: readonly Tool[] = [getOrder, createRefund, searchHelp];

/** How one question is answered. */
interface Setting {
  /** W3C; joins the caller's trace. */
  readonly traceparent?: string;
  /** Default: those of the shop. */
  readonly tools?: readonly Tool[];
}

/** Answers one question, with a trace of the run. */
export async function answer(request: Request, telemetry: Telemetry, setting: Setting = {}): Promise<string> {
  const root = telemetry.tracer.startSpan(
    "invoke_agent support-agent",
    rootSpan(request),
    callerOf(setting.traceparent),
  );
  const inside = trace.setSpan(ROOT_CONTEXT, root);
  try {
    const text = await converse(request, setting.tools ?? tools, (name, options) =>
      telemetry.tracer.startSpan(name, options, inside),
    );
    root.setAttribute(
      "gen_ai.output.messages",
      JSON.stringify([genAiMessage({ role: "assistant", text, calls: [] })]),
    );
    return text;
  } catch (error) {
    root.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    throw error;
  } finally {
    root.setAttribute("tracegate.trace.complete", true);
    root.end();
  }
}

async function converse(request: Request, tools: readonly Tool[], startSpan: StartSpan): Promise<string> {
  const model = modelFor(request.text);
  const turns: Turn[] = [{ role: "user", text: request.text }];
  for (let step = 0; step < maxSteps; step++) {
    const reply = await ask(model, turns, tools, startSpan);
    turns.push({ role: "assistant", text: reply.text, calls: reply.calls });
    if (reply.calls.length === 0) return reply.text;
    for (const call of reply.calls) {
      const span = startSpan(`execute_tool ${call.name}`, toolSpan(call));
      const { result, error } = await runTool(
        tools.find((tool) => tool.name === call.name),
        call.input,
      );
      const text = JSON.stringify(result);
      endTool(span, text, error);
      turns.push({ role: "tool", call, result: text });
    }
  }
  return "I could not finish this. A colleague will write to you.";
}

async function ask(
  model: Model,
  turns: readonly Turn[],
  tools: readonly Tool[],
  startSpan: StartSpan,
): Promise<Reply> {
  const span = startSpan(`chat ${model.name}`, chatSpan(model, systemPrompt, turns, maxTokens, tools));
  try {
    const reply = await model.ask({ system: systemPrompt, turns, tools, maxTokens });
    endChat(span, reply);
    return reply;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
    span.end();
    throw error;
  }
}

/** Money goes through Claude, everything else through GPT. */
function modelFor(text: string): Model {
  return /refund/i.test(text) ? claude() : gpt();
}

function rootSpan(request: Request): SpanOptions {
  return {
    attributes: {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "support-agent",
      "gen_ai.conversation.id": request.id,
      "user.id": request.user,
      "gen_ai.input.messages": JSON.stringify([genAiMessage({ role: "user", text: request.text })]),
    },
  };
}

function callerOf(traceparent: string | undefined): Context {
  const [, traceId, spanId] = traceparent?.split("-") ?? [];
  if (!traceId || !spanId) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: 1, isRemote: true });
}
