import type { IncomingMessage } from "node:http";

import { contentHash } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import { type BatchReply, MAX_BATCH_BODY, pageOf, refused } from "./batch-routes.ts";
import { readBody } from "./json-over-http.ts";

interface StoredFile {
  readonly id: string;
  readonly text: string;
  /** As Files shows it. */
  readonly shown: JsonObject;
}

/** As much of OpenAI's Files as batches need: upload, list, retrieve, content, delete. */
export class OpenAiFiles {
  /** By id, in order of their making. */
  readonly #files = new Map<string, StoredFile>();
  readonly #now: () => number;

  /** @param now Unix ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** What a file says; undefined: there is none. */
  text(id: string): string | undefined {
    return this.#files.get(id)?.text;
  }

  async upload(incoming: IncomingMessage): Promise<BatchReply> {
    const body = await readBody(incoming, MAX_BATCH_BODY);
    if (body === undefined) return refused(413, "file too large");
    const type = incoming.headers["content-type"] ?? "";
    const form = await new Response(body, { headers: { "content-type": type } }).formData();
    const file = form.get("file");
    const purpose = form.get("purpose");
    if (!(file instanceof File) || purpose !== "batch")
      return refused(400, "a file of purpose batch is needed");
    const text = await file.text();
    const id = `file-${contentHash([this.#files.size, text])}`;
    return { body: this.store(id, text, { purpose, filename: file.name, ...expiryIn(form) }) };
  }

  /**
   * Keeps a file, or keeps it anew.
   *
   * @returns it, as Files shows it.
   */
  store(id: string, text: string, { seconds, ...shown }: JsonObject & { seconds?: number }): JsonObject {
    const created_at = Math.floor(this.#now() / 1_000);
    const expiry = seconds === undefined ? {} : { expires_at: created_at + seconds };
    const bytes = Buffer.byteLength(text);
    const file: JsonObject = {
      id,
      object: "file",
      bytes,
      created_at,
      ...expiry,
      ...shown,
      status: "processed",
    };
    this.#files.set(id, { id, text, shown: file });
    return file;
  }

  list(search: URLSearchParams): BatchReply {
    const purpose = search.get("purpose");
    const files = [...this.#files.values()].filter(({ shown }) => !purpose || shown.purpose === purpose);
    const asked = { limit: search.get("limit"), after: search.get("after") };
    const { page, has_more } = pageOf(files.reverse(), asked);
    return { body: { object: "list", data: page.map(({ shown }) => shown), has_more } };
  }

  retrieve(id: string): BatchReply {
    const file = this.#files.get(id);
    return file === undefined ? unknown(id) : { body: file.shown };
  }

  content(id: string): BatchReply {
    const file = this.#files.get(id);
    return file === undefined ? unknown(id) : { text: file.text };
  }

  delete(id: string): BatchReply {
    return this.#files.delete(id) ? { body: { id, object: "file", deleted: true } } : unknown(id);
  }
}

function unknown(id: string): BatchReply {
  return refused(404, `No such File object: ${id}`);
}

/** `expires_after` comes as `expires_after[seconds]`, as forms have it. */
function expiryIn(form: FormData): { readonly seconds?: number } {
  const seconds = form.get("expires_after[seconds]");
  return typeof seconds === "string" ? { seconds: Number(seconds) } : {};
}
