import { createServer } from "node:http";

import { expect, it, onTestFinished } from "vitest";

import { anthropic } from "../../src/judges/anthropic.ts";
import type { ModelBatchOptions } from "../../src/llmwire/batch-book.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";
import { answered, key, questionOf } from "../contracts/judge-batches.ts";

/** A host that notes what it is asked, and has no results. */
async function foreignHost() {
  const asked: object[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push({ url, headers });
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("does not listen");
  return { origin: `http://127.0.0.1:${address.port}`, asked };
}

/** Sends a batch of one question through a gateway, and looks at it. */
async function lookedThrough(batchOptions: ModelBatchOptions) {
  const { signal } = new AbortController();
  const gateway = await startModelServer({ reply: () => answered, batches: batchOptions });
  onTestFinished(() => gateway.close());
  const env = { ANTHROPIC_API_KEY: "key-of-the-gateway" };
  const { batches } = anthropic({ model: "claude-haiku-4-5", env, baseURL: gateway.anthropicBaseUrl });
  const sent = await batches?.submit("b", [{ key: key(1), question: questionOf(1) }], signal);
  if (sent === undefined || !("batchId" in sent)) throw new Error("not sent");
  return batches?.look(sent.batchId, async () => new Map([[key(1), questionOf(1)]]), signal);
}

it("Anthropic's results are fetched from the base URL, and no other host gets the key", async () => {
  const { origin: resultsOrigin, asked } = await foreignHost();
  const progress = await lookedThrough({ resultsOrigin });

  expect(progress).toMatchObject({ state: "ended", results: [{ key: key(1), result: { label: "yes" } }] });
  expect(asked).toEqual([]);
});

it("no host that a gateway redirects to gets the key either", async () => {
  const { origin: location, asked } = await foreignHost();
  await lookedThrough({ fetched: () => ({ fault: "status", status: 302, headers: { location } }) });

  expect(asked).toHaveLength(1);
  expect(JSON.stringify(asked)).not.toContain("key-of-the-gateway");
});
