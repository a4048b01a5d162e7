import type { Task, TaskOutput } from "../../../src/core/run.ts";
import type { MainAgent } from "../../../src/pipeline/control/main-agent.ts";
import { type GateOptions, runGate } from "../../../src/pipeline/gate.ts";
import { caseOf } from "../../datasets/case-of.ts";
import { agent, decodeTrace, evaluateAnswer, memoryCapture, memoryHistory } from "../gate-fakes.ts";

/** Number of cases. */
export const SIZE = 40;
const ids = Array.from({ length: SIZE }, (_, index) => `case-${index}`);
/** All of them must pass one scorer, `right`. */
export const cases = ids.map((id) => caseOf(id, { mustPass: ["right"], review: { decision: "accepted" } }));
/** Answers all of them well. */
export const sound = agent(({ id }) => `good answer to ${id}`);

/** What a task gives whose agent crashed. */
export function crash(message = "Error: planted"): TaskOutput {
  return { fault: { code: "agent-crashed", message } };
}

/** A gate whose main has passed every case six times. */
export async function gate(
  change: Task,
  mainNow: Task | { readonly reason: string } | null,
  more: Partial<GateOptions> = {},
  judged: Partial<Pick<GateOptions, "dataset" | "scorers" | "evaluate">> = {},
) {
  const history = memoryHistory();
  const capture = memoryCapture();
  const options = {
    dataset: { name: "cases", path: "cases.jsonl", cases },
    readTrace: decodeTrace,
    evaluate: evaluateAnswer,
    scorers: [{ name: "right", version: "1", kind: "rule" }],
    history,
    commit: "c0ffee",
    capture,
    ...judged,
  } as const;
  for (let run = 0; run < 6; run++) await runGate({ ...options, task: sound, record: true });
  const recorded = history.trials.length;
  const main = mainNow && ("reason" in mainNow ? mainNow : mainAgent(mainNow));
  const report = await runGate({
    ...options,
    task: change,
    ...(main && { prepareMain: async () => main }),
    ...more,
  });
  await capture.close();
  return { ...report, added: history.trials.length - recorded };
}

function mainAgent(task: Task): MainAgent {
  return { task, commit: "ba5e", base: "origin/main", close: async () => {} };
}

/** Ids of the cases with this outcome. */
export const named = ({ verdict }: Awaited<ReturnType<typeof gate>>, outcome: string) =>
  verdict.cases.filter((one) => one.outcome === outcome).map(({ caseId }) => caseId);
