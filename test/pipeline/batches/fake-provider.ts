import type { Answer, Judge, NoAnswer, Question } from "../../../src/core/judge.ts";
import type {
  BatchProgress,
  BatchResult,
  JudgeBatches,
  KeyedQuestion,
} from "../../../src/core/judge-batches.ts";
import { scriptedJudge } from "../../../src/testing/scripted-judge.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A provider's batches in memory, and what it was asked, live and in batches. */
export class FakeProvider implements JudgeBatches {
  account = "KEY";
  readonly windowMs = DAY_MS;
  readonly maxBytes = 1_000_000;
  readonly maxQuestions: number;
  /** Of all submissions that arrived: our id and the keys in it. */
  readonly arrived: { readonly id: string; readonly keys: readonly string[] }[] = [];
  /** Questions asked at once. */
  readonly live: Question[] = [];
  /** What submitting says; undefined: it is taken. */
  refusal: NoAnswer | undefined;
  /** Sizes of all submissions, also of those that did not arrive, in questions. */
  readonly submitted: number[] = [];
  /** What it says of a batch that it took and then looked at; undefined: it asks its questions. */
  verdict: ((keys: readonly string[]) => NoAnswer | undefined) | undefined;
  /** What looking and finding fail with. */
  lookFault: NoAnswer | undefined;
  /** Called at each look. */
  looked: (batchId: string) => Promise<void> = async () => {};
  /** How often questions were loaded for a look. */
  loads = 0;
  /** True: it is taken, and the sender hears nothing of it. */
  losesReplies = false;
  isRunning = true;
  isGone = false;
  /** What comes of a question in a batch. */
  resultOf: (question: Question) => Answer | NoAnswer | "not-asked" = () => this.answer("yes");

  constructor(maxQuestions = 100) {
    this.maxQuestions = maxQuestions;
  }

  answer(label: string, more: Partial<Answer> = {}): Answer {
    const usage = { inputTokens: 2_800, outputTokens: 300 };
    return { label, rationale: "", evidence: [], model: "gpt-4o", usage, cost: 0.005, ...more };
  }

  judge(more: Partial<Judge> = {}): Judge {
    const scripted = scriptedJudge((question) => {
      this.live.push(question);
      return this.answer("yes", { cost: 0.01 });
    });
    return { ...scripted, model: "gpt-4o", batches: this, ...more };
  }

  async submit(id: string, questions: readonly KeyedQuestion[]) {
    this.submitted.push(questions.length);
    if (this.refusal !== undefined) return this.refusal;
    this.arrived.push({ id, keys: questions.map(({ key }) => key) });
    if (this.losesReplies) return noAnswer("timed-out");
    return { batchId: `provider-${this.arrived.length}` };
  }

  async find({ id }: { readonly id: string }) {
    if (this.lookFault !== undefined) return this.lookFault;
    const index = this.arrived.findIndex((batch) => batch.id === id);
    return { batchId: index < 0 ? null : `provider-${index + 1}` };
  }

  async look(
    batchId: string,
    load: () => Promise<ReadonlyMap<string, Question>>,
  ): Promise<BatchProgress | NoAnswer> {
    await this.looked(batchId);
    if (this.lookFault !== undefined) return this.lookFault;
    if (this.isGone) return { state: "gone", reason: "No such batch." };
    if (this.isRunning) return { state: "running" };
    const { keys = [] } = this.arrived[Number(batchId.split("-")[1]) - 1] ?? {};
    const refusal = this.verdict?.(keys);
    if (refusal !== undefined) return { state: "refused", refusal };
    this.loads += 1;
    const questions = await load();
    const results = keys.flatMap((key): BatchResult[] => {
      const question = questions.get(key);
      return question === undefined ? [] : [{ key, result: this.resultOf(question) }];
    });
    return { state: "ended", results };
  }
}

export function noAnswer(code: NoAnswer["unscored"]["code"], retryAt?: number): NoAnswer {
  return { unscored: { code, ...(retryAt !== undefined && { retryAt }) }, reason: `It was ${code}.` };
}
