/**
 * One worker of `bench-judge.ts`, in a process of its own: asks questions through the real SDK until it is told to stop, then
 * finishes those it has begun. Setting: JSON in the first argument; told to stop by a line on stdin; prints a count as JSON.
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { OpenAI } from "openai";

import { backoffMs } from "../../src/core/backoff.ts";
import { systemClock } from "../../src/core/clock.ts";
import { isAnswer, type Judge, type Question } from "../../src/core/judge.ts";
import { faultClassOf } from "../../src/core/ledger-state.ts";
import type { LaneRules, Limiter } from "../../src/core/limiter.ts";
import { ANSWER_SCHEMA_NAME, answerJsonSchema } from "../../src/judges/answer-schema.ts";
import { openai } from "../../src/judges/openai.ts";
import { paceJudge } from "../../src/pipeline/pace-judge.ts";
import { openRedisLimiter } from "../../src/redis/open-redis-limiter.ts";
import { MemoryLimiter } from "../../src/store/memory-limiter.ts";

/** What a worker is told. */
export interface WorkerSetting {
  /** `paced`: our judge. `loop`: the SDK with its own retries. */
  readonly kind: "paced" | "loop";
  readonly url: string;
  /** Null: the limiter of one process. */
  readonly redisUrl: string | null;
  readonly concurrency: number;
  readonly scale: number;
  /** Questions are numbered from here on, in steps. */
  readonly first: number;
  readonly step: number;
}

/** What a worker has done. */
export interface WorkerCount {
  readonly begun: number;
  /** Given up. */
  readonly lost: number;
}

const NEVER = new AbortController().signal;

function questionOf(number: number): Question {
  // 280 to 530 tokens with the schema, by the number, so that all contestants ask the same.
  const length = 100 + ((number * 7_919) % 900);
  return {
    scorer: "resolved",
    version: "1",
    instructions: "Did the agent do what the user asked?",
    content: `question ${number} ${"word ".repeat(length / 5)}`,
    labels: ["yes", "no"],
  };
}

/** Null: answered, or given up; else when to come back with it (ms, as `performance.now()`). */
type Asking = (
  question: Question,
) => Promise<{ readonly answered: boolean; readonly againAt: number | null }>;

const RETRIES = { baseMs: 15_000, maxMs: 3_600_000 };

function pacedAsking(judge: Judge, scale: number): Asking {
  return async (question) => {
    const result = await judge.ask(question, NEVER);
    if (isAnswer(result)) return { answered: true, againAt: null };
    const { code, retryAt } = result.unscored;
    if (faultClassOf(code) !== "passing") return { answered: false, againAt: null };
    // Where nobody names a time, workers come back as `worker.judgeRetries` says, here by the simulated clock.
    const wait = retryAt === undefined ? backoffMs(1, RETRIES) / scale : retryAt - systemClock.now();
    return { answered: false, againAt: performance.now() + wait };
  };
}

function loopAsking(client: OpenAI): Asking {
  return async ({ instructions, content, labels }) => {
    const messages = [
      { role: "system" as const, content: instructions },
      { role: "user" as const, content },
    ];
    const format = { name: ANSWER_SCHEMA_NAME, strict: true, schema: answerJsonSchema(labels) };
    const request = {
      model: "simulated",
      messages,
      response_format: { type: "json_schema" as const, json_schema: format },
    };
    const answered = await client.chat.completions.create(request).then(
      () => true,
      () => false,
    );
    return { answered, againAt: null };
  };
}

/** Questions one after the other, and those that are to be asked again at their time, as the ledger has them come back. */
class Questions {
  begun = 0;
  lost = 0;
  isStopped = false;
  readonly #waiting: { readonly number: number; readonly at: number }[] = [];
  #next: number;
  readonly #step: number;

  constructor({ first, step }: WorkerSetting) {
    this.#next = first;
    this.#step = step;
  }

  /** One slot. */
  async work(ask: Asking): Promise<void> {
    for (;;) {
      const number = await this.#take();
      if (number === null) return;
      const { answered, againAt } = await ask(questionOf(number));
      if (againAt !== null) this.#waiting.push({ number, at: againAt });
      else if (!answered) this.lost += 1;
    }
  }

  async #take(): Promise<number | null> {
    for (;;) {
      const due = this.#waiting.findIndex(({ at }) => at <= performance.now());
      const [again] = due === -1 ? [] : this.#waiting.splice(due, 1);
      if (again !== undefined) return again.number;
      if (!this.isStopped) {
        this.begun += 1;
        this.#next += this.#step;
        return this.#next - this.#step;
      }
      if (this.#waiting.length === 0) return null;
      await sleep(10);
    }
  }
}

async function main(setting: WorkerSetting): Promise<void> {
  const { kind, url, redisUrl, concurrency, scale } = setting;
  const rules: LaneRules = { windowMs: 60_000 / scale };
  const limiter: Limiter =
    redisUrl === null
      ? new MemoryLimiter(rules, systemClock)
      : await openRedisLimiter({ url: redisUrl, rules });
  const judge = openai({
    model: "simulated",
    baseURL: `${url}/v1`,
    api: "chat",
    env: { OPENAI_API_KEY: "k" },
  });
  const paced = paceJudge(judge, { limiter, clock: systemClock, holdMs: 20_000 / scale });
  const client = new OpenAI({
    apiKey: "k",
    baseURL: `${url}/v1`,
    defaultHeaders: { "x-retries-itself": "1" },
    logLevel: "off",
  });
  const ask = kind === "paced" ? pacedAsking(paced, scale) : loopAsking(client);
  const questions = new Questions(setting);
  const told = once(process.stdin, "data").then(() => {
    questions.isStopped = true;
  });
  await Promise.all([told, ...Array.from({ length: concurrency }, () => questions.work(ask))]);
  await limiter.close();
  const count: WorkerCount = { begun: questions.begun, lost: questions.lost };
  console.log(JSON.stringify(count));
  process.exit(0);
}

await main(JSON.parse(process.argv[2] ?? "{}"));
