import { contentHash } from "../core/ids.ts";
import { isObject, type JsonObject, parseJson } from "../core/json.ts";
import type { BatchBook, BatchItem, BatchOutcome, BatchProblem, ModelBatch } from "./batch-book.ts";
import {
  type BatchCall,
  type BatchReply,
  type BatchRoutes,
  doubledId,
  MAX_BATCH_BODY,
  pageOf,
  refused,
} from "./batch-routes.ts";
import { objectField, stringField } from "./json-fields.ts";
import { readBody } from "./json-over-http.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiError } from "./openai-error.ts";
import { OpenAiFiles } from "./openai-files.ts";
import { openaiResponses } from "./openai-responses.ts";

/** A provider ends a batch so long after it was made, s. */
const WINDOW_S = 24 * 60 * 60;

/**
 * OpenAI Batch (developers.openai.com/api/docs/guides/batch) with its Files: create, list, retrieve, cancel. What a file says wrongly
 * shows when the batch is looked at, as it does there.
 */
export class OpenAiBatchRoutes implements BatchRoutes {
  readonly error = openaiError;
  readonly #book: BatchBook;
  readonly #files: OpenAiFiles;

  constructor(book: BatchBook) {
    this.#book = book;
    this.#files = new OpenAiFiles(() => book.now());
  }

  takes(path: string): boolean {
    return /^\/v1\/(?:files|batches)(?:\/|$)/.test(path);
  }

  async answer(call: BatchCall): Promise<BatchReply> {
    const { incoming, path } = call;
    const [, kind, id, action = ""] =
      /^\/v1\/(files|batches)(?:\/([^/]+))?(?:\/(content|cancel))?$/.exec(path) ?? [];
    switch (`${incoming.method} ${kind} ${id === undefined ? "all" : "one"} ${action}`) {
      case "POST files all ":
        return this.#files.upload(incoming);
      case "GET files all ":
        return this.#files.list(call.search);
      case "GET files one ":
        return this.#files.retrieve(id ?? "");
      case "GET files one content":
        return this.#files.content(id ?? "");
      case "DELETE files one ":
        return this.#files.delete(id ?? "");
      case "POST batches all ":
        return this.#create(call);
      case "GET batches all ":
        return this.#list(call);
      case "GET batches one ":
        return this.#encoded(await this.#book.look(id ?? ""), id);
      case "POST batches one cancel":
        return this.#encoded(this.#book.cancel(id ?? ""), id);
      default:
        return undefined;
    }
  }

  async #create({ incoming }: BatchCall): Promise<BatchReply> {
    const body = parseJson((await readBody(incoming, MAX_BATCH_BODY)) ?? "");
    if (!isObject(body)) return refused(400, "body is not a JSON object");
    const text = this.#files.text(stringField(body, "input_file_id") ?? "");
    const endpoint = stringField(body, "endpoint") ?? "";
    if (text === undefined) return refused(400, "input_file_id names no file");
    if (![openaiChat.path, openaiResponses.path].includes(endpoint))
      return refused(400, "endpoint is not supported");
    if (body.completion_window !== "24h") return refused(400, "completion_window must be 24h");
    const lines = objectsIn(text);
    const items = lines.map((line) => ({
      customId: stringField(line, "custom_id") ?? "",
      body: objectField(line, "body") ?? {},
    }));
    const taken = this.#book.submit({
      provider: "openai",
      endpoint,
      items,
      metadata: objectField(body, "metadata") ?? {},
      body,
      headers: incoming.headers,
      problem: problemIn(lines, items, endpoint),
    });
    if ("fault" in taken) return taken;
    return taken.isLost ? { fault: "reset" } : this.#encoded(taken.batch, taken.batch.id);
  }

  async #list({ search }: BatchCall): Promise<BatchReply> {
    const asked = { limit: search.get("limit"), after: search.get("after") };
    const { page, has_more } = pageOf(this.#book.listed("openai"), asked);
    const data = await Promise.all(page.map((batch) => this.#encode(batch)));
    return { body: { object: "list", data, has_more } };
  }

  async #encoded(batch: Awaited<ReturnType<BatchBook["look"]>>, id: string | undefined): Promise<BatchReply> {
    if (batch === undefined) return refused(404, `No batch found with id '${id}'.`);
    return "fault" in batch ? batch : { body: await this.#encode(batch) };
  }

  async #encode(batch: ModelBatch): Promise<JsonObject> {
    const { id, state, problem, metadata, endpoint, items } = batch;
    const isOver = state === "ended" || state === "cancelled";
    const outcomes = isOver ? await this.#book.outcomes(id) : [];
    const good = outcomes.filter(({ reply }) => reply?.status === 200);
    const bad = outcomes.filter(({ reply }) => reply?.status !== 200);
    const hasExpired = state === "ended" && bad.some(({ reply }) => reply === null);
    const created_at = Math.floor(batch.createdAt / 1_000);
    return {
      id,
      object: "batch",
      endpoint,
      completion_window: "24h",
      status: hasExpired ? "expired" : STATUSES[state],
      errors: problem && { object: "list", data: [{ line: null, param: null, ...problem }] },
      output_file_id: this.#keep(`file-${id}-output`, good, batch),
      error_file_id: this.#keep(`file-${id}-error`, bad, batch),
      created_at,
      expires_at: created_at + WINDOW_S,
      request_counts: { total: items.length, completed: good.length, failed: bad.length },
      metadata,
    };
  }

  /** Null: such a file is only there when something stands in it. */
  #keep(fileId: string, outcomes: readonly BatchOutcome[], batch: ModelBatch): string | null {
    if (outcomes.length === 0) return null;
    const lines = outcomes.map((outcome) => this.#book.written(outputLine(outcome, batch)));
    const filename = `${fileId}.jsonl`;
    this.#files.store(fileId, lines.join("\n"), { purpose: "batch_output", filename });
    return fileId;
  }
}

const STATUSES: { readonly [State in ModelBatch["state"]]: string } = {
  running: "in_progress",
  ended: "completed",
  cancelled: "cancelled",
  failed: "failed",
  gone: "failed",
};

function outputLine(
  { customId, reply }: BatchOutcome,
  { id, state }: ModelBatch,
): JsonObject & { custom_id: string } {
  const request = contentHash([id, customId]);
  const line = { id: `batch_req_${request}`, custom_id: customId };
  if (reply !== null) {
    const response = { status_code: reply.status, request_id: `req_${request}`, body: reply.body };
    return { ...line, response, error: null };
  }
  const code = state === "cancelled" ? "batch_cancelled" : "batch_expired";
  return {
    ...line,
    response: null,
    error: { code, message: "This request was not executed before the batch ended." },
  };
}

function objectsIn(text: string): readonly JsonObject[] {
  return text
    .split("\n")
    .flatMap((line) => parseJson(line) ?? [])
    .filter(isObject);
}

function problemIn(
  lines: readonly JsonObject[],
  items: readonly BatchItem[],
  endpoint: string,
): BatchProblem | null {
  if (lines.length === 0) return { code: "empty_file", message: "The input file is empty." };
  const doubled = doubledId(items);
  if (doubled !== undefined) {
    return { code: "duplicate_custom_id", message: `The custom_id ${doubled} stands there twice.` };
  }
  if (lines.some(({ url, method }) => url !== endpoint || method !== "POST")) {
    return { code: "mismatched_url", message: "A line's url or method is not that of the batch." };
  }
  return null;
}
