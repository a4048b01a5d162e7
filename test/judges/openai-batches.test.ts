import OpenAI from "openai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { JudgeBatches, SentBatch } from "../../src/core/judge-batches.ts";
import { openai } from "../../src/judges/openai.ts";
import type { ModelBatchOptions } from "../../src/llmwire/batch-book.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { answered, key, questionOf } from "../contracts/judge-batches.ts";

describe("OpenAI's input files", () => {
  const { signal } = new AbortController();
  const known = new Set<string>();
  let server: ModelServer;
  let options: ModelBatchOptions;

  beforeEach(async () => {
    options = {};
    server = await startModelServer({
      reply: () => answered,
      batches: { submitted: (batch) => options.submitted?.(batch) },
    });
  });
  afterEach(() => server.close());

  const batches = (): JudgeBatches => {
    const env = { OPENAI_API_KEY: "key-1" };
    const judge = openai({ model: "gpt-6-luna", env, baseURL: server.openaiBaseUrl, api: "responses" });
    if (judge.batches === undefined) throw new Error("has no batches");
    return judge.batches;
  };
  const submit = (id: string, stopped = signal) =>
    batches().submit(id, [{ key: key(1), question: questionOf(1) }], stopped);
  const sentAs = (id: string): SentBatch => {
    const sentAt = Date.now();
    return { id, sentAt, sentUntil: sentAt + 600_000, questions: 1 };
  };
  const names = async () => {
    const client = new OpenAI({ baseURL: server.openaiBaseUrl, apiKey: "k" });
    const files: string[] = [];
    for await (const { filename } of client.files.list()) files.push(filename);
    return files;
  };

  it.each([400, 401, 404, 429])("are deleted when the batch is refused with HTTP %d", async (status) => {
    expect(await submit("good")).toHaveProperty("batchId");
    options = { submitted: () => ({ fault: "status", status }) };

    expect(await submit("bad")).toHaveProperty("unscored");
    expect(await names()).toEqual(["tracegate-good.jsonl"]);
  });

  it("stay while the batch may have arrived, and for good when it has", async () => {
    options = { submitted: () => "response-lost" };
    expect(await submit("lost")).toMatchObject({ unscored: { code: "provider-down" } });
    expect(await names()).toEqual(["tracegate-lost.jsonl"]);

    expect(await batches().find(sentAs("lost"), known, signal)).toEqual({
      batchId: server.batches()[0]?.id,
    });
    expect(await names()).toEqual(["tracegate-lost.jsonl"]);
  });

  it("are deleted when the batch turns out not to have arrived", async () => {
    await submit("other");
    options = { submitted: () => ({ fault: "status", status: 500 }) };
    await submit("down");
    const controller = new AbortController();
    options = {
      submitted: () => {
        controller.abort();
        return { fault: "hang" };
      },
    };
    expect(await submit("stopped", controller.signal)).toMatchObject({ unscored: { code: "timed-out" } });
    const others = Array.from({ length: 20 }, (_, index) => `other-${index}`);
    options = {};
    for (const id of others) await submit(id);

    for (const id of ["down", "stopped"]) {
      expect(await names()).toContain(`tracegate-${id}.jsonl`);
      expect(await batches().find(sentAs(id), known, signal)).toEqual({ batchId: null });
    }
    expect(new Set(await names())).toEqual(
      new Set(["other", ...others].map((id) => `tracegate-${id}.jsonl`)),
    );
  });
});
