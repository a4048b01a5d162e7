import type { IncomingHttpHeaders } from "node:http";

import { contentHash } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import type { Fault } from "./fault.ts";

/** One request of a batch. */
export interface BatchItem {
  readonly customId: string;
  /** As for a live call. */
  readonly body: JsonObject;
}

/** What came of one item: HTTP status and body of the live reply; null: its turn never came. */
export interface BatchOutcome {
  readonly customId: string;
  readonly reply: { readonly status: number; readonly body: JsonObject } | null;
}

/** How a batch stands. `failed`: nothing was asked, because of its {@link BatchProblem}; `gone`: it is known no longer. */
export type BatchState = "running" | "ended" | "cancelled" | "failed" | "gone";

/** Why a provider refuses a batch after it has taken it, as OpenAI does with what it finds in its file. */
export interface BatchProblem {
  /** E.g. `token_limit_exceeded`. */
  readonly code: string;
  readonly message: string;
}

/** A batch that was submitted. */
export interface ModelBatch {
  readonly id: string;
  readonly provider: "openai" | "anthropic";
  /** Path of the live endpoint, e.g. `/v1/responses`. */
  readonly endpoint: string;
  readonly items: readonly BatchItem[];
  /** What the client noted on it; OpenAI only. */
  readonly metadata: JsonObject;
  /** The body that submitted it, as received. */
  readonly body: JsonObject;
  /** Of the request that submitted it. */
  readonly headers: IncomingHttpHeaders;
  /** Unix ms. */
  readonly createdAt: number;
  readonly state: BatchState;
  /** How often somebody asked how far it is. */
  readonly looks: number;
  readonly problem: BatchProblem | null;
}

/** What becomes of batches. */
export interface ModelBatchOptions {
  /**
   * What becomes of a submission: a fault, and it was not taken; `response-lost`, and it was, but the connection breaks before the client
   * knows. Default: it is taken.
   */
  readonly submitted?: (batch: ModelBatch) => Fault | "response-lost" | undefined;
  /** How a batch stands at a look, the first of which is number 1. A fault is sent in place of an answer. Default: it has ended. */
  readonly looked?: (batch: ModelBatch) => Exclude<BatchState, "failed"> | BatchProblem | Fault;
  /** Items whose turn does not come before the batch ends; the model is not asked. Default: none. */
  readonly expires?: (item: BatchItem, batch: ModelBatch) => boolean;
  /** What becomes of fetching results, or the content of a file. Default: they are sent. */
  readonly fetched?: () => Fault | undefined;
  /** A line of the results, as it is to be sent; `customId` is whose it is. Default: as it is. */
  readonly written?: (line: string, customId: string) => string;
  /** Where Anthropic's batches say that their results are, e.g. `https://api.anthropic.com` behind a gateway. Default: here. */
  readonly resultsOrigin?: string;
  /** Unix ms. Default: the machine's clock. */
  readonly now?: () => number;
}

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Asks the model what it says to one item. */
export type ItemRunner = (batch: ModelBatch, item: BatchItem) => Promise<BatchOutcome["reply"]>;

/** The batches of a local model server, of all providers. Their models are asked when a batch ends. */
export class BatchBook {
  readonly #batches: Mutable<ModelBatch>[] = [];
  readonly #outcomes = new Map<string, Promise<readonly BatchOutcome[]>>();
  readonly #options: ModelBatchOptions;
  readonly #run: ItemRunner;

  constructor(options: ModelBatchOptions, run: ItemRunner) {
    this.#options = options;
    this.#run = run;
  }

  /** Unix ms. */
  now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** A line of results as text. */
  written(line: JsonObject & { readonly custom_id: string }): string {
    const text = JSON.stringify(line);
    return this.#options.written?.(text, line.custom_id) ?? text;
  }

  /** See {@link ModelBatchOptions}. */
  get resultsOrigin(): string | undefined {
    return this.#options.resultsOrigin;
  }

  /** All that were taken, in order. */
  get batches(): readonly ModelBatch[] {
    return this.#batches;
  }

  /** Takes a batch, or does not: then there is only a fault. */
  submit(
    given: Pick<ModelBatch, "provider" | "endpoint" | "items" | "metadata" | "body" | "headers" | "problem">,
  ): { readonly batch: ModelBatch; readonly isLost: boolean } | Fault {
    const id = contentHash([this.#batches.length, given.items]);
    const batch: Mutable<ModelBatch> = {
      id: `${given.provider === "openai" ? "batch" : "msgbatch"}_${id}`,
      ...given,
      createdAt: this.now(),
      state: given.problem === null ? "running" : "failed",
      looks: 0,
    };
    const becomes = this.#options.submitted?.(batch);
    if (typeof becomes === "object") return becomes;
    this.#batches.push(batch);
    return { batch, isLost: becomes === "response-lost" };
  }

  /** Those that a list shows, newest first. */
  listed(provider: ModelBatch["provider"]): readonly ModelBatch[] {
    return this.#batches.filter((batch) => batch.provider === provider && batch.state !== "gone").reverse();
  }

  /** Looks at a batch, which may end it. Undefined: there is none of this id. */
  async look(id: string): Promise<ModelBatch | Fault | undefined> {
    const batch = this.#find(id);
    if (batch === undefined) return undefined;
    batch.looks += 1;
    const seen = this.#options.looked?.(batch) ?? "ended";
    if (typeof seen === "object" && "fault" in seen) return seen;
    if (seen === "gone") batch.state = "gone";
    if (batch.state === "gone") return undefined;
    if (batch.state !== "running") return batch;
    if (typeof seen === "object") {
      batch.problem = seen;
      batch.state = "failed";
    } else if (seen === "cancelled") this.cancel(id);
    else if (seen === "ended") {
      await this.outcomes(id);
      batch.state = "ended";
    }
    return batch;
  }

  /** What came of its items; the model is asked once. */
  outcomes(id: string): Promise<readonly BatchOutcome[]> {
    const batch = this.#find(id);
    const known = this.#outcomes.get(id) ?? (batch === undefined ? Promise.resolve([]) : this.#play(batch));
    this.#outcomes.set(id, known);
    return known;
  }

  /** Cancels a batch before any of its items was asked. */
  cancel(id: string): ModelBatch | undefined {
    const batch = this.#find(id);
    if (batch?.state !== "running" || this.#outcomes.has(id)) return batch;
    const unasked = batch.items.map(({ customId }) => ({ customId, reply: null }));
    this.#outcomes.set(id, Promise.resolve(unasked));
    batch.state = "cancelled";
    return batch;
  }

  #find(id: string): Mutable<ModelBatch> | undefined {
    return this.#batches.find((batch) => batch.id === id && batch.state !== "gone");
  }

  async #play(batch: ModelBatch): Promise<readonly BatchOutcome[]> {
    const outcomes: BatchOutcome[] = [];
    for (const item of batch.items) {
      const expired = this.#options.expires?.(item, batch) ?? false;
      const reply = expired ? null : await this.#run(batch, item);
      outcomes.push({ customId: item.customId, reply });
    }
    // No provider keeps the order.
    return outcomes.reverse();
  }
}
