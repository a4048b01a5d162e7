import { isObject, type JsonObject, parseJson } from "../core/json.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import type { BatchBook, BatchOutcome, ModelBatch } from "./batch-book.ts";
import {
  type BatchCall,
  type BatchReply,
  type BatchRoutes,
  doubledId,
  MAX_BATCH_BODY,
  pageOf,
  refused,
} from "./batch-routes.ts";
import { objectField, objectsField, stringField } from "./json-fields.ts";
import { readBody } from "./json-over-http.ts";

const ROOT = "/v1/messages/batches";

/** A provider ends a batch so long after it was made, ms. */
const WINDOW_MS = 24 * 60 * 60_000;

/** Anthropic Message Batches (platform.claude.com/docs/en/api/messages/batches): create, list, retrieve, results, cancel. */
export class AnthropicBatchRoutes implements BatchRoutes {
  readonly error = anthropicMessages.error;
  readonly #book: BatchBook;

  constructor(book: BatchBook) {
    this.#book = book;
  }

  takes(path: string): boolean {
    return path === ROOT || path.startsWith(`${ROOT}/`);
  }

  async answer(call: BatchCall): Promise<BatchReply> {
    const { incoming, path } = call;
    const [, id, action = ""] =
      /^\/v1\/messages\/batches(?:\/([^/]+))?(?:\/(results|cancel))?$/.exec(path) ?? [];
    switch (`${incoming.method} ${id === undefined ? "all" : "one"} ${action}`) {
      case "POST all ":
        return this.#create(call);
      case "GET all ":
        return this.#list(call);
      case "GET one ":
        return this.#retrieve(call, id ?? "");
      case "GET one results":
        return this.#results(id ?? "");
      case "POST one cancel": {
        const batch = this.#book.cancel(id ?? "");
        return batch === undefined ? unknown(id) : { body: await this.#encode(call, batch) };
      }
      default:
        return undefined;
    }
  }

  async #create(call: BatchCall): Promise<BatchReply> {
    const body = parseJson((await readBody(call.incoming, MAX_BATCH_BODY)) ?? "");
    if (!isObject(body)) return refused(400, "body is not a JSON object");
    const items = objectsField(body, "requests").map((request) => ({
      customId: stringField(request, "custom_id") ?? "",
      body: objectField(request, "params") ?? {},
    }));
    const problem = problemWith(items);
    if (problem !== null) return refused(400, problem);
    const { headers } = call.incoming;
    const given = { provider: "anthropic", endpoint: anthropicMessages.path, metadata: {} } as const;
    const taken = this.#book.submit({ ...given, items, body, headers, problem: null });
    if ("fault" in taken) return taken;
    if (taken.isLost) return { fault: "reset" };
    return { body: await this.#encode(call, taken.batch) };
  }

  async #list(call: BatchCall): Promise<BatchReply> {
    const { page, has_more } = pageOf(this.#book.listed("anthropic"), {
      limit: call.search.get("limit"),
      after: call.search.get("after_id"),
    });
    const data = await Promise.all(page.map((batch) => this.#encode(call, batch)));
    return { body: { data, has_more, first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null } };
  }

  async #retrieve(call: BatchCall, id: string): Promise<BatchReply> {
    const batch = await this.#book.look(id);
    if (batch === undefined) return unknown(id);
    return "fault" in batch ? batch : { body: await this.#encode(call, batch) };
  }

  async #results(id: string): Promise<BatchReply> {
    const batch = this.#book.listed("anthropic").find((candidate) => candidate.id === id);
    if (batch === undefined || !isOver(batch)) return unknown(id);
    const outcomes = await this.#book.outcomes(id);
    const lines = outcomes.map((outcome) =>
      this.#book.written({ custom_id: outcome.customId, result: resultOf(outcome, batch) }),
    );
    return { text: lines.join("\n") };
  }

  async #encode({ incoming }: BatchCall, batch: ModelBatch): Promise<JsonObject> {
    const over = isOver(batch);
    const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
    if (!over) counts.processing = batch.items.length;
    for (const outcome of over ? await this.#book.outcomes(batch.id) : []) {
      counts[resultOf(outcome, batch).type] += 1;
    }
    const time = new Date(batch.createdAt).toISOString();
    const place = this.#book.resultsOrigin ?? `http://${incoming.headers.host}`;
    return {
      id: batch.id,
      type: "message_batch",
      processing_status: over ? "ended" : "in_progress",
      request_counts: counts,
      created_at: time,
      expires_at: new Date(batch.createdAt + WINDOW_MS).toISOString(),
      ended_at: over ? time : null,
      archived_at: null,
      cancel_initiated_at: batch.state === "cancelled" ? time : null,
      results_url: over ? `${place}${rootIn(incoming.url)}/${batch.id}/results` : null,
    };
  }
}

function problemWith(items: ModelBatch["items"]): string | null {
  if (items.length === 0) return "requests: a batch needs at least one";
  const odd = items.find(({ customId }) => !/^[\w-]{1,64}$/.test(customId));
  if (odd !== undefined) return `requests: custom_id ${JSON.stringify(odd.customId)} is not allowed`;
  const doubled = doubledId(items);
  return doubled === undefined ? null : `requests: custom_id ${doubled} stands there twice`;
}

function unknown(id: string | undefined): BatchReply {
  return refused(404, `there is no batch ${id}`);
}

function isOver({ state }: ModelBatch): boolean {
  return state === "ended" || state === "cancelled";
}

type Result =
  | { type: "succeeded"; message: JsonObject }
  | { type: "errored"; error: JsonObject }
  | { type: "canceled" | "expired" };

/** The body of an error is the error: its own `error` holds type and sentence. */
function resultOf({ reply }: BatchOutcome, batch: ModelBatch): Result {
  if (reply === null) return { type: batch.state === "cancelled" ? "canceled" : "expired" };
  if (reply.status !== 200) return { type: "errored", error: { ...reply.body, request_id: null } };
  const usage = { ...objectField(reply.body, "usage"), service_tier: "batch" };
  return { type: "succeeded", message: { ...reply.body, usage } };
}

/** Results are fetched from an absolute URL, which is below whatever path these endpoints were put under. */
function rootIn(url = "/"): string {
  const { pathname } = new URL(url, "http://127.0.0.1");
  return `${pathname.slice(0, pathname.indexOf(ROOT))}${ROOT}`;
}
