import { isObject, type JsonValue, stableJson } from "../../core/json.ts";
import type { LlmCall, ToolCall } from "../../core/trace.ts";
import { mergeFields } from "../merge-fields.ts";
import { present } from "../present.ts";
import type { SpanFields } from "../span-fields.ts";
import type { SpanPlace } from "./call-place.ts";
import type { MessageToolCall } from "./message-tool-calls.ts";
import { errorOf } from "./span-error.ts";
import { nearestAncestors, type SpanNode, type SpanTree } from "./span-tree.ts";

/**
 * The tool calls of a run in order: from tool spans, completed by what the messages say of the same call; then
 * those that models asked for and no span shows. Such a call stands after the model call that asked for it.
 */
export function readToolCalls(
  tree: SpanTree,
  fromMessages: readonly MessageToolCall[],
  llmCalls: readonly LlmCall[],
  placeOf: (node: SpanNode) => SpanPlace,
): readonly ToolCall[] {
  const matches = new MatchableCalls(fromMessages);
  const spans = toolSpans(tree);
  const byId = spans.map(({ fields }) => matches.takeById(fields.tool?.callId));
  const sorted: { readonly at: number; readonly call: ToolCall }[] = spans.map((span, index) => {
    const match = byId[index] ?? matches.takeByName(span.fields.tool, span.node.span.name);
    return { at: span.node.span.startTime, call: toToolCall(span, match, placeOf(span.node)) };
  });
  const callers = new Map(llmCalls.map((call) => [call.spanId, call]));
  for (const rest of matches.untaken()) {
    if (!rest.isNew) continue;
    const caller = callers.get(rest.spanId);
    sorted.push({ at: caller?.endTime ?? caller?.startTime ?? 0, call: withoutSpan(rest, caller) });
  }
  // At the same time a call without a span goes first: it was asked for before the other one began.
  return sorted
    .sort((one, other) => one.at - other.at || rankOf(one.call) - rankOf(other.call))
    .map(({ call }) => call);
}

function rankOf(call: ToolCall): number {
  return call.spanId === null ? 0 : 1;
}

/** A call of a tool and the spans that show it, outermost first. */
interface ToolSpan {
  readonly node: SpanNode;
  readonly inner: readonly SpanNode[];
  readonly fields: SpanFields;
}

/** An MCP client span below an `execute_tool` span of the same tool is the same call. */
function toolSpans(tree: SpanTree): readonly ToolSpan[] {
  const outerOf = nearestAncestors(tree, (node) => node.type === "tool");
  const inner = new Map<SpanNode, SpanNode[]>();
  const tools = tree.ordered.filter((node) => node.type === "tool");
  const outermost = new Map<SpanNode, SpanNode>();
  for (const node of tree.topDown) {
    if (node.type !== "tool") continue;
    const outer = outerOf.get(node);
    if (!outer || !isSameTool(outer.fields, node.fields)) continue;
    const first = outermost.get(outer) ?? outer;
    outermost.set(node, first);
    const list = inner.get(first);
    if (list) list.push(node);
    else inner.set(first, [node]);
  }
  return tools
    .filter((node) => !outermost.has(node))
    .map((node) => {
      const below = inner.get(node) ?? [];
      return { node, inner: below, fields: mergeFields([node.fields, ...below.map(({ fields }) => fields)]) };
    });
}

function isSameTool({ tool: outer }: SpanFields, { tool: inner }: SpanFields): boolean {
  if (outer?.callId !== undefined && inner?.callId !== undefined) return outer.callId === inner.callId;
  return outer?.name !== undefined && outer.name === inner?.name;
}

function toToolCall(
  { node, inner, fields }: ToolSpan,
  match: MessageToolCall | undefined,
  place: SpanPlace,
): ToolCall {
  const error = errorOf(node) ?? inner.map(errorOf).find((found) => found !== null) ?? null;
  const recorded = fields.tool?.result;
  return {
    name: fields.tool?.name ?? match?.name ?? node.span.name,
    ...place,
    ...present({
      callId: fields.tool?.callId ?? match?.callId,
      arguments: namedArguments(fields.tool?.arguments, match?.arguments),
      result: recorded === undefined ? match?.result : recorded,
    }),
    error,
  };
}

/** LangChain records the bare value of a single argument; the model's own words say its name. */
function namedArguments(
  recorded: JsonValue | undefined,
  asked: JsonValue | undefined,
): JsonValue | undefined {
  if (recorded === undefined || recorded === "") return asked ?? recorded;
  if (isObject(recorded) || !isObject(asked)) return recorded;
  const values = Object.values(asked);
  return values.length === 1 && stableJson(values[0]) === stableJson(recorded) ? asked : recorded;
}

function withoutSpan(call: MessageToolCall, caller: LlmCall | undefined): ToolCall {
  return {
    name: call.name,
    spanId: null,
    parentSpanId: call.spanId,
    ...present({
      agent: caller?.agent,
      callId: call.callId,
      arguments: call.arguments,
      result: call.result,
    }),
    error: null,
  };
}

/** Calls from messages, each to be matched with one span at most. */
class MatchableCalls {
  private readonly calls: readonly MessageToolCall[];
  private readonly taken = new Set<MessageToolCall>();
  private readonly byId: ReadonlyMap<string, MessageToolCall>;
  private queues: { readonly byArguments: CallQueues; readonly byName: CallQueues } | undefined;

  constructor(calls: readonly MessageToolCall[]) {
    this.calls = calls;
    this.byId = new Map(calls.flatMap((call) => (call.callId === undefined ? [] : [[call.callId, call]])));
  }

  takeById(callId: string | undefined): MessageToolCall | undefined {
    const call = callId === undefined ? undefined : this.byId.get(callId);
    if (call) this.taken.add(call);
    return call;
  }

  /** For a span without a known call id: the earliest untaken call with the same arguments, else name. */
  takeByName(tool: SpanFields["tool"], spanName: string): MessageToolCall | undefined {
    const name = tool?.name ?? spanName;
    const hasOtherId = tool?.callId !== undefined;
    this.queues ??= queuesOf(this.calls);
    const { byArguments, byName } = this.queues;
    const call =
      this.takeFrom(byArguments.get(keyOf(name, tool?.arguments)), hasOtherId) ??
      this.takeFrom(byName.get(name), hasOtherId);
    if (call) this.taken.add(call);
    return call;
  }

  untaken(): readonly MessageToolCall[] {
    return this.calls.filter((call) => !this.taken.has(call));
  }

  /** A span that has an id of its own never takes a call that has another. */
  private takeFrom(queued: MessageToolCall[] | undefined, hasOtherId: boolean): MessageToolCall | undefined {
    for (let call = queued?.at(-1); call; call = queued?.at(-1)) {
      if (hasOtherId && call.callId !== undefined) return undefined;
      queued?.pop();
      if (!this.taken.has(call)) return call;
    }
    return undefined;
  }
}

function keyOf(name: string, value: JsonValue | undefined): string {
  return `${name} ${stableJson(value ?? null)}`;
}

/** Calls by a key of theirs, last in first, so that taking from the end takes the earliest. */
type CallQueues = Map<string, MessageToolCall[]>;

function queuesOf(calls: readonly MessageToolCall[]) {
  const queues = { byArguments: new Map(), byName: new Map() } satisfies { [name: string]: CallQueues };
  for (const call of calls.toReversed()) {
    if (!call.isNew) continue;
    queue(queues.byName, call.name, call);
    queue(queues.byArguments, keyOf(call.name, call.arguments), call);
  }
  return queues;
}

function queue(queues: CallQueues, key: string, call: MessageToolCall): void {
  const calls = queues.get(key);
  if (calls) calls.push(call);
  else queues.set(key, [call]);
}
