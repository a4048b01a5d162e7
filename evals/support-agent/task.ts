import type { Case, TrialSetting } from "tracegate";

import { answer, tools } from "./agent.ts";
import { startTelemetry } from "./telemetry.ts";

/** Without a model to talk to, the agent talks to the simulated one, started once for this process. */
if (!process.env.SUPPORT_AGENT_MODEL_URL) {
  const { startStandIn } = await import("./stand-in.ts");
  process.env.SUPPORT_AGENT_MODEL_URL = await startStandIn();
}

/** Over replay the tools answer as they did in the recorded run. */
const { replayed } = process.env.TRACEGATE_REPLAY_URL ? await import("./replayed.ts") : {};

/** The agent as the gate runs it: one case, spans to the endpoint of that case. */
export default async function task(input: Case, setting: TrialSetting): Promise<string> {
  const telemetry = startTelemetry(setting.endpoint, "under-test");
  try {
    const text = input.input.messages
      .flatMap((message) => message.parts)
      .flatMap((part) => (part.type === "text" ? [part.content] : []))
      .join("\n");
    const request = { id: input.id, user: "gate", text };
    const { traceparent } = setting;
    return await answer(request, telemetry, { traceparent, tools: replayed?.(tools) ?? tools });
  } finally {
    await telemetry.close();
  }
}
