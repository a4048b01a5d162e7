import type { Case, TrialSetting } from "tracegate";

import { answer } from "./agent.ts";
import { startTelemetry } from "./telemetry.ts";

/** Without a model to talk to, the agent talks to the simulated one, started once for this process. */
if (!process.env.SUPPORT_AGENT_MODEL_URL) {
  const { startStandIn } = await import("./stand-in.ts");
  process.env.SUPPORT_AGENT_MODEL_URL = await startStandIn();
}

/** The agent as the gate runs it: one case, spans to the endpoint of that case. */
export default async function task(input: Case, setting: TrialSetting): Promise<string> {
  const telemetry = startTelemetry(setting.endpoint, "under-test");
  try {
    const text = input.input.messages
      .flatMap((message) => message.parts)
      .flatMap((part) => (part.type === "text" ? [part.content] : []))
      .join("\n");
    return await answer({ id: input.id, user: "gate", text }, telemetry, setting.traceparent);
  } finally {
    await telemetry.close();
  }
}
