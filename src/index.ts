export type { Case } from "./core/case.ts";
export type { TrialSetting } from "./core/run.ts";
