import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";

import type { ModelBatchOptions } from "../../src/llmwire/batch-book.ts";
import type { Fault } from "../../src/llmwire/fault.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

let server: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Says what it was asked; a few words make it do something else. */
const says: { readonly [asked: string]: ModelReply | Fault } = {
  limited: { fault: "status", status: 429 },
  broken: { fault: "reset" },
};
const askedIn = ({ messages }: ModelRequest) => {
  const [part] = messages.at(-1)?.parts ?? [];
  return part?.type === "text" ? part.content : "";
};
async function serve(batches: ModelBatchOptions = {}) {
  const reply = (request: ModelRequest) => says[askedIn(request)] ?? { text: `${askedIn(request)}!` };
  server = await startModelServer({ reply, batches });
  const openai = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: "none", maxRetries: 0 });
  const { anthropicBaseUrl: baseURL } = server;
  const anthropic = new Anthropic({ baseURL, apiKey: "none", maxRetries: 0, openTelemetry: false });
  return { server, openai, anthropic };
}

const params = (content: string) => ({
  model: "claude-haiku-4-5",
  max_tokens: 9,
  messages: [{ role: "user" as const, content }],
});
const requestsOf = (...contents: readonly string[]) => ({
  requests: contents.map((content) => ({ custom_id: content, params: params(content) })),
});

const line = (custom_id: string, url = "/v1/chat/completions") =>
  JSON.stringify({
    custom_id,
    method: "POST",
    url,
    body: { model: "gpt-4o-mini", messages: [{ role: "user", content: custom_id }] },
  });
async function upload(openai: OpenAI, ...lines: readonly string[]) {
  const file = await openai.files.create({
    file: new File([lines.join("\n")], "batch.jsonl"),
    purpose: "batch",
  });
  return file.id;
}
const createOf = (input_file_id: string) =>
  ({ input_file_id, endpoint: "/v1/chat/completions", completion_window: "24h" }) as const;
const linesOf = async (openai: OpenAI, id: string | undefined) => {
  const content = await openai.files.content(id ?? "");
  const lines = (await content.text()).trim().split("\n");
  return lines.map((text): { custom_id: string } => JSON.parse(text));
};

describe("OpenAI Batch", () => {
  it("answers in an output file, in an order of its own, and fails in an error file", async () => {
    const { server: running, openai } = await serve();
    const created = await openai.batches.create({
      ...createOf(await upload(openai, line("one"), line("limited"), line("two"), line("broken"))),
      metadata: { name: "mine" },
    });
    expect(created).toMatchObject({ status: "in_progress", metadata: { name: "mine" } });
    expect(running.requests()).toEqual([]);

    const batch = await openai.batches.retrieve(created.id);
    expect(batch).toMatchObject({
      status: "completed",
      request_counts: { total: 4, completed: 2, failed: 2 },
    });
    expect(await linesOf(openai, batch.output_file_id)).toMatchObject([
      {
        custom_id: "two",
        response: { status_code: 200, body: { choices: [{ message: { content: "two!" } }] } },
      },
      { custom_id: "one", response: { status_code: 200 }, error: null },
    ]);
    expect(await linesOf(openai, batch.error_file_id)).toMatchObject([
      { custom_id: "broken", response: { status_code: 500 } },
      {
        custom_id: "limited",
        response: { status_code: 429, body: { error: { type: "rate_limit_exceeded" } } },
      },
    ]);
  });

  it("expires with the items that were not reached, and asks no model for them", async () => {
    const { server: running, openai } = await serve({ expires: ({ customId }) => customId === "late" });
    const { id } = await openai.batches.create(createOf(await upload(openai, line("one"), line("late"))));

    const batch = await openai.batches.retrieve(id);
    expect(batch.status).toBe("expired");
    const late = { custom_id: "late", response: null, error: { code: "batch_expired" } };
    expect(await linesOf(openai, batch.error_file_id)).toMatchObject([late]);
    expect(running.requests().map(({ batch: name }) => name)).toEqual([id]);
  });

  it("can be cancelled while it runs", async () => {
    const { server: running, openai } = await serve({ looked: () => "running" });
    const { id } = await openai.batches.create(createOf(await upload(openai, line("one"))));

    expect(await openai.batches.cancel(id)).toMatchObject({ status: "cancelled" });
    const batch = await openai.batches.retrieve(id);
    expect(await linesOf(openai, batch.error_file_id)).toMatchObject([
      { error: { code: "batch_cancelled" } },
    ]);
    expect(running.requests()).toEqual([]);
  });

  it.each([
    ["an id stands twice", [line("one"), line("one")], "duplicate_custom_id"],
    ["a line is for another endpoint", [line("one", "/v1/responses")], "mismatched_url"],
    ["there is no line", [""], "empty_file"],
  ])("fails when %s", async (_why, lines, code) => {
    const { openai } = await serve();
    const { id } = await openai.batches.create(createOf(await upload(openai, ...lines)));

    expect(await openai.batches.retrieve(id)).toMatchObject({
      status: "failed",
      errors: { data: [{ code }] },
    });
  });

  it("refuses what no file, endpoint or id stands for", async () => {
    const { openai } = await serve();
    const input = await upload(openai, line("one"));

    await expect(openai.batches.create(createOf("file-none"))).rejects.toThrow("input_file_id");
    const odd = { ...createOf(input), endpoint: "/v1/embeddings" } as const;
    await expect(openai.batches.create(odd)).rejects.toThrow("endpoint");
    await expect(openai.batches.retrieve("batch_none")).rejects.toMatchObject({ status: 404 });
    await expect(openai.files.content("file-none")).rejects.toMatchObject({ status: 404 });
    await expect(openai.files.delete("file-none")).rejects.toMatchObject({ status: 404 });
    await expect(openai.files.retrieve("file-none")).rejects.toMatchObject({ status: 404 });
  });

  it("lists files page by page, the newest first, and deletes them", async () => {
    const { openai } = await serve();
    const ids: string[] = [];
    for (const _ of [1, 2, 3]) ids.unshift(await upload(openai, line("one")));
    const listed = async (purpose: string) => {
      const files: string[] = [];
      for await (const { id } of openai.files.list({ limit: 2, purpose })) files.push(id);
      return files;
    };

    expect(await listed("batch")).toEqual(ids);
    expect(await listed("batch_output")).toEqual([]);
    expect(await openai.files.delete(ids[1] ?? "")).toMatchObject({ deleted: true });
    expect(await listed("batch")).toEqual([ids[0], ids[2]]);
  });

  it("lists batches page by page, the newest first", async () => {
    const { openai, anthropic } = await serve();
    const input = await upload(openai, line("one"));
    await anthropic.messages.batches.create(requestsOf("other"));
    const ids: string[] = [];
    for (const _ of [1, 2, 3, 4, 5]) ids.unshift((await openai.batches.create(createOf(input))).id);

    const listed: string[] = [];
    for await (const { id } of openai.batches.list({ limit: 2 })) listed.push(id);
    expect(listed).toEqual(ids);
    expect(new Set(ids).size).toBe(5);
  });
});

describe("Anthropic Message Batches", () => {
  it("tell what became of each request, in an order of their own", async () => {
    const { server: running, anthropic } = await serve({ expires: ({ customId }) => customId === "late" });
    const created = await anthropic.messages.batches.create(requestsOf("one", "limited", "late"));
    expect(created).toMatchObject({
      processing_status: "in_progress",
      results_url: null,
      request_counts: { processing: 3 },
    });

    const batch = await anthropic.messages.batches.retrieve(created.id);
    expect(batch).toMatchObject({
      processing_status: "ended",
      request_counts: { processing: 0, succeeded: 1, errored: 1, expired: 1 },
    });
    const results: unknown[] = [];
    for await (const result of await anthropic.messages.batches.results(created.id)) results.push(result);
    const error = { type: "error", error: { type: "rate_limit_error" } };
    const message = { content: [{ text: "one!" }], usage: { service_tier: "batch" } };
    expect(results).toMatchObject([
      { custom_id: "late", result: { type: "expired" } },
      { custom_id: "limited", result: { type: "errored", error } },
      { custom_id: "one", result: { type: "succeeded", message } },
    ]);
    expect(running.batches()).toMatchObject([
      { id: created.id, provider: "anthropic", state: "ended", items: [{ customId: "one" }, {}, {}] },
    ]);
  });

  it("can be canceled while they run, and have no results before", async () => {
    const { anthropic } = await serve({ looked: () => "running" });
    const { id } = await anthropic.messages.batches.create(requestsOf("one"));

    await expect(anthropic.messages.batches.results(id)).rejects.toThrow("results_url");
    const canceled = await anthropic.messages.batches.cancel(id);
    expect(canceled).toMatchObject({ processing_status: "ended", request_counts: { canceled: 1 } });
  });

  it("are refused with an id that stands twice, an odd one, or nothing in them", async () => {
    const { server: running, anthropic } = await serve();
    const { batches } = anthropic.messages;

    await expect(batches.create(requestsOf("one", "one"))).rejects.toThrow("twice");
    await expect(batches.create(requestsOf("o".repeat(65)))).rejects.toMatchObject({ status: 400 });
    await expect(batches.create(requestsOf())).rejects.toMatchObject({ status: 400 });
    await expect(batches.retrieve("msgbatch_none")).rejects.toMatchObject({ status: 404 });
    expect(running.batches()).toEqual([]);
  });

  it("are listed page by page, the newest first, without those that are gone", async () => {
    const { anthropic } = await serve({ looked: () => "gone" });
    const { batches } = anthropic.messages;
    const ids: string[] = [];
    for (const _ of [1, 2, 3, 4, 5]) ids.unshift((await batches.create(requestsOf("one"))).id);
    await expect(batches.retrieve(ids[2] ?? "")).rejects.toMatchObject({ status: 404 });

    const listed: string[] = [];
    for await (const { id } of batches.list({ limit: 2 })) listed.push(id);
    expect(listed).toEqual(ids.filter((_, index) => index !== 2));
  });
});

describe("results", () => {
  it("may be elsewhere, break off while they are fetched, and be written in any way", async () => {
    const faults: Fault[] = [{ fault: "cut" }, { fault: "status", status: 503 }];
    const { anthropic, openai } = await serve({
      resultsOrigin: "https://api.anthropic.com",
      fetched: () => faults.shift(),
      written: (text, customId) => (customId === "one" ? text : `half of ${customId}`),
    });
    const { id } = await anthropic.messages.batches.create(requestsOf("one"));
    const batch = await anthropic.messages.batches.retrieve(id);
    expect(batch.results_url).toBe(`https://api.anthropic.com/v1/messages/batches/${id}/results`);

    const created = await openai.batches.create(createOf(await upload(openai, line("one"), line("two"))));
    const { output_file_id } = await openai.batches.retrieve(created.id);
    const fetched = async () => (await openai.files.content(output_file_id ?? "")).text();
    await expect(fetched()).rejects.toThrow("terminated");
    await expect(fetched()).rejects.toMatchObject({ status: 503 });
    const [two, one] = (await fetched()).split("\n");
    expect(two).toBe("half of two");
    expect(JSON.parse(one ?? "")).toMatchObject({ custom_id: "one" });
  });
});

describe("a submission", () => {
  it("may be taken without the client knowing", async () => {
    const { server: running, anthropic } = await serve({ submitted: () => "response-lost" });

    await expect(anthropic.messages.batches.create(requestsOf("one"))).rejects.toThrow("Connection error");
    const [taken] = running.batches();
    expect(await anthropic.messages.batches.retrieve(taken?.id ?? "")).toMatchObject({
      request_counts: { succeeded: 1 },
    });
  });

  it("may fail like any other call", async () => {
    const { server: running, openai } = await serve({ submitted: () => ({ fault: "status", status: 429 }) });
    const input = await upload(openai, line("one"));

    await expect(openai.batches.create(createOf(input))).rejects.toMatchObject({ status: 429 });
    expect(running.batches()).toEqual([]);
  });
});
