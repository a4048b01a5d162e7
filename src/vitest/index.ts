export { type EvalCasesOptions, evalCases } from "./eval-cases.ts";
export type { RunAgent } from "./function-task.ts";
export { traceMatchers } from "./trace-matchers.ts";
