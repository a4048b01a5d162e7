// What a user's configuration, scorers and agents import; docs of each thing are where it is defined.

export { type OtlpSinkOptions, otlp } from "./backends/index.ts";
export { defineConfig } from "./config/define-config.ts";
export type { ConfigInput } from "./config/schema.ts";
export type { Case, CaseSource, CaseState, Condemnation, Dataset, Review } from "./core/case.ts";
export { type ErrorCode, TracegateError, type TracegateErrorOptions } from "./core/errors.ts";
export type { JsonObject, JsonValue } from "./core/json.ts";
export type { Answer, Judge, NoAnswer, Question } from "./core/judge.ts";
export { type FinishReason, type Message, type Part, textOf } from "./core/message.ts";
export type { ReplaySetting, Result, Run, Task, TaskOutput, TrialFault, TrialSetting } from "./core/run.ts";
export { passed, type Score, type ScorerKind, type Unscored, type UnscoredCode } from "./core/score.ts";
export type { Scorer, ScorerContext, Subject } from "./core/scorer.ts";
export type { Session, SessionScorer } from "./core/session-scorer.ts";
export type { Sink } from "./core/sink.ts";
export type {
  Annotation,
  CompletionReason,
  Cost,
  ErrorInfo,
  LlmCall,
  MemoryOperation,
  Quality,
  QualityIssue,
  Rationale,
  Retrieval,
  RetrievedDocument,
  SamplingParameters,
  SpanType,
  ToolCall,
  ToolDefinition,
  Trace,
  TraceError,
  TraceSpan,
  Usage,
} from "./core/trace.ts";
export type { CaseCounts, CaseVerdict, Counts, GateReport, Policy, Verdict } from "./core/verdict.ts";
export {
  anthropic,
  type BuiltInJudgeOptions,
  type CascadeOptions,
  type ContextPart,
  cascade,
  contextRetention,
  correctness,
  defineJudge,
  goalDrift,
  groundedness,
  handOff,
  instructionFollowing,
  type JudgeContext,
  type JudgeDocumentSource,
  type JudgeOptions,
  type OpenAiOptions,
  openai,
  type PanelOptions,
  type PolicyAdherenceOptions,
  type ProviderOptions,
  panel,
  policyAdherence,
  safety,
  taskCompletion,
  tone,
  toolUse,
} from "./judges/index.ts";
export type { Upstream } from "./replay/forward-live.ts";
export type { PlantedFault } from "./replay/planted-fault.ts";
export type { ReplayAddress } from "./replay/replay-environment.ts";
export type { ReplayMode } from "./replay/replay-session.ts";
export { type ReplayTaskOptions, replayTask } from "./replay/replay-task.ts";
export { budget } from "./scorers/budget.ts";
export { defineScorer } from "./scorers/define-scorer.ts";
export {
  defineSessionScorer,
  overSession,
  type SessionScorerInput,
} from "./scorers/define-session-scorer.ts";
export { finishReason } from "./scorers/finish-reason.ts";
export { ruleScorers } from "./scorers/index.ts";
export { noFinalAnswer } from "./scorers/no-final-answer.ts";
export { retryLoop } from "./scorers/retry-loop.ts";
export { toolErrors } from "./scorers/tool-errors.ts";
export { unsupportedClaim } from "./scorers/unsupported-claim.ts";
export { type CommandTaskOptions, commandTask } from "./tasks/command-task.ts";
export type { HeaderValue } from "./tasks/header-values.ts";
export type { HttpAnswer, ServerSentEvent } from "./tasks/http-answer.ts";
export { type HttpTaskOptions, httpTask } from "./tasks/http-task.ts";
export { type ModuleTaskOptions, moduleTask } from "./tasks/module-task.ts";
export type { ServiceOptions } from "./tasks/service.ts";
