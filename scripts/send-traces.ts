/**
 * Sends the traces of OTLP files to an endpoint as protobuf, one request per line, as an exporter would:
 * retryable answers and broken connections are tried again, nothing is given up silently.
 *
 *   node scripts/send-traces.ts http://127.0.0.1:4318 traces.jsonl.gz
 */
import { createReadStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

import { readSpans } from "../src/otlp/read-spans.ts";
import { readTraceBodies } from "../src/otlp/read-trace-bodies.ts";

/** What was sent, and what the other side said. */
export interface Sent {
  readonly requests: number;
  readonly traceIds: ReadonlySet<string>;
  readonly bytes: number;
  /** Requests that had to be sent again. */
  readonly retries: number;
  /** Requests refused for good, with the answer. */
  readonly refused: readonly string[];
}

/** Options of {@link sendTraces}. */
export interface SendOptions {
  /** As in `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly endpoint: string;
  readonly files: readonly string[];
  /** Requests under way at once. Default 4. */
  readonly concurrency?: number;
  /** Longest time one request is tried, ms. Default 120,000. */
  readonly patienceMs?: number;
  /** Called after each accepted request. */
  readonly onSent?: (requests: number) => void;
}

export async function sendTraces(options: SendOptions): Promise<Sent> {
  const { concurrency = 4, patienceMs = 120_000 } = options;
  const traceIds = new Set<string>();
  const refused: string[] = [];
  let [requests, bytes, retries] = [0, 0, 0];
  const bodies = allBodies(options.files);

  async function one(body: Uint8Array): Promise<void> {
    for (const { traceId } of readSpans(body)) traceIds.add(traceId);
    const deadline = Date.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const answer = await post(options.endpoint, body);
      if (answer === "accepted") break;
      if (answer.final || Date.now() > deadline) {
        refused.push(answer.reason);
        return;
      }
      retries += 1;
      await sleep(answer.waitMs ?? Math.min(2_000, 50 * 2 ** attempt));
    }
    requests += 1;
    bytes += body.length;
    options.onSent?.(requests);
  }

  async function worker(): Promise<void> {
    for (let next = await bodies.next(); !next.done; next = await bodies.next()) await one(next.value);
  }
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { requests, traceIds, bytes, retries, refused };
}

async function* allBodies(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) {
    for await (const body of readTraceBodies(createReadStream(file), file)) {
      if ("error" in body) throw body.error;
      yield body.bytes;
    }
  }
}

type Answer = "accepted" | { readonly final: boolean; readonly reason: string; readonly waitMs?: number };

async function post(endpoint: string, body: Uint8Array): Promise<Answer> {
  try {
    const response = await fetch(`${endpoint}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: Buffer.from(body),
    });
    const text = await response.text();
    if (response.ok) return "accepted";
    const wait = Number(response.headers.get("retry-after"));
    return {
      final: ![429, 502, 503, 504].includes(response.status),
      reason: `HTTP ${response.status} ${text.slice(0, 200)}`,
      ...(wait > 0 ? { waitMs: wait * 1_000 } : {}),
    };
  } catch (error) {
    return { final: false, reason: String(error) };
  }
}

if (import.meta.main) {
  const [endpoint, ...files] = process.argv.slice(2);
  if (!endpoint || files.length === 0) {
    console.error("usage: node scripts/send-traces.ts <endpoint> <files...>");
    process.exitCode = 2;
  } else {
    const sent = await sendTraces({ endpoint, files });
    console.log(
      JSON.stringify({
        ...sent,
        traceIds: undefined,
        traces: sent.traceIds.size,
        refused: sent.refused.slice(0, 5),
      }),
    );
    if (sent.refused.length > 0) process.exitCode = 1;
  }
}
