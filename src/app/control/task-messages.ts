import type { Case } from "../../core/case.ts";
import type { Task, TaskOutput, TrialSetting } from "../../core/run.ts";

/** What the gate tells the process that serves main's task. */
export type TaskOrder =
  | { readonly kind: "load"; readonly config: string | null }
  | {
      readonly kind: "run";
      readonly id: number;
      readonly input: Case;
      readonly setting: Omit<TrialSetting, "signal">;
    }
  | { readonly kind: "abort"; readonly id: number }
  /** {@link Task.renew}; answered by `done` without an output. */
  | { readonly kind: "renew"; readonly id: number };

/** What it answers. Functions of an output do not travel. */
export type TaskReply =
  | ({ readonly kind: "loaded"; readonly taskKind: Task["kind"] } & Pick<
      Task,
      "description" | "identity" | "arrival" | "external"
    >)
  | { readonly kind: "failed"; readonly message: string }
  | {
      readonly kind: "done";
      readonly id: number;
      readonly output: Pick<TaskOutput, "answer" | "fault" | "notes" | "tookMs">;
    };
