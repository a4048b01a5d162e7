// evals/task.ts
import { type Case, type TrialSetting, textOf } from "tracegate";

import { answer } from "../src/agent.ts"; // also starts OpenTelemetry, as in production

export function task(input: Case, setting: TrialSetting): Promise<string> {
  return answer(input.input.messages.map(textOf).join("\n"), { signal: setting.signal });
}
