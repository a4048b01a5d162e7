// evals/task.ts
import { context, propagation, trace } from "@opentelemetry/api";
import { type Case, type TrialSetting, textOf } from "tracegate";

import { answer } from "../src/agent.ts"; // also starts OpenTelemetry, as in production

export function task(input: Case, setting: TrialSetting): Promise<string> {
  const caller = propagation.extract(context.active(), { traceparent: setting.traceparent });
  return trace.getTracer("evals").startActiveSpan("invoke_agent shop", {}, caller, async (root) => {
    try {
      return await answer(input.input.messages.map(textOf).join("\n"));
    } finally {
      root.end();
    }
  });
}
