import { afterEach, describe, expect, it } from "vitest";

import { type Running, up } from "../../../src/app/up.ts";
import { defaultConfig } from "../../../src/config/parse-config.ts";
import type { Span } from "../../../src/core/span.ts";
import type { Trace } from "../../../src/core/trace.ts";
import { jsonToProtobuf } from "../../../src/otlp/json-to-protobuf.ts";
import { logsJsonToProtobuf } from "../../../src/otlp/logs-json-to-protobuf.ts";
import { readSpans } from "../../../src/otlp/read-spans.ts";
import { splitLogsByTrace } from "../../../src/otlp/split-logs-by-trace.ts";
import { otlp } from "../../../src/testing/spans.ts";
import { captureFiles, hasCaptures, readCaptureAsSent } from "../../otlp/captures.ts";
import { frame, GrpcClient, LOGS_EXPORT } from "../../receiver/grpc-client.ts";
import { logRequest } from "../../receiver/otlp-samples.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const ABSENT = hasCaptures ? "" : " (skipped: ../shared/captures is not there)";
const CAPTURE = "@opentelemetry/instrumentation-openai@0.22.0/{proto,json}";

/** One export request. */
interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** What one agent sent: its traces, its logs, and the trace that is looked at. */
interface Sent {
  readonly traces: Request;
  readonly logs: Request;
  readonly traceId: string;
}

const TRACE_ID = "1".padStart(32, "0");
const value = (entries: Record<string, string>) => ({
  kvlistValue: {
    values: Object.entries(entries).map(([key, stringValue]) => ({ key, value: { stringValue } })),
  },
});

/** An agent like the recorded one, made by hand. */
const madeByHand: Sent = {
  traceId: TRACE_ID,
  traces: {
    url: "/v1/traces",
    headers: { "content-type": "application/x-protobuf" },
    body: new Uint8Array(
      otlp({
        spans: [
          {
            name: "handle_request",
            children: [
              {
                name: "chat gpt-4o-mini",
                attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini" },
              },
            ],
          },
        ],
      }),
    ),
  },
  logs: {
    url: "/v1/logs",
    headers: { "content-type": "application/json" },
    body: logRequest(
      [
        { eventName: "gen_ai.user.message", body: value({ content: "What is the status of order A-1001?" }) },
        {
          eventName: "gen_ai.choice",
          body: {
            kvlistValue: {
              values: [
                {
                  key: "message",
                  value: value({ content: "Order A-1001 has shipped and should arrive on 2026-11-24." }),
                },
              ],
            },
          },
        },
      ].map((record) => ({ ...record, traceId: TRACE_ID, spanId: "2".padStart(16, "0") })),
    ),
  },
};

function spansOf({ headers, body }: Request): Span[] {
  const bytes = Buffer.from(body);
  const isJson = headers["content-type"] === "application/json";
  return readSpans(isJson ? jsonToProtobuf(bytes.toString("utf8")) : bytes);
}

const recorded = captureFiles(`${CAPTURE}/001-traces.meta.json`).map((file): [string, Sent] => {
  const traces = readCaptureAsSent(file);
  const logs = readCaptureAsSent(file.replace("001-traces", "002-logs"));
  const traceId = spansOf(traces).find(({ name }) => name === "handle_request")?.traceId ?? "";
  return [file.split("/").at(-2) ?? "", { traces, logs, traceId }];
});

const folders: { remove(): void }[] = [];
let running: Running | undefined;

afterEach(async () => {
  await running?.stop(2_000);
  running = undefined;
  for (const folder of folders.splice(0)) folder.remove();
});

async function start() {
  const folder = temporaryFolder();
  folders.push(folder);
  const traces: Trace[] = [];
  const started = await up({
    config: defaultConfig({ receiver: { port: 0 }, completion: { afterRootMs: 500 }, scorers: [] }),
    cwd: folder.path,
    environment: {},
    onScored: ({ trace }) => traces.push(trace),
  });
  running = started;
  const revision = (traceId: string, number: number) =>
    expect
      .poll(() => traces.find((trace) => trace.traceId === traceId && trace.revision === number), {
        timeout: 10_000,
      })
      .toBeDefined()
      .then(() => traces.findLast((trace) => trace.traceId === traceId));
  return {
    running: started,
    traces,
    revision,
    async send({ url, headers, body }: Request) {
      const answer = await fetch(`${started.url}${url}`, { method: "POST", headers, body });
      expect(answer.status).toBe(200);
    },
  };
}

const TEXT = {
  input: "What is the status of order A-1001?",
  output: "Order A-1001 has shipped and should arrive on 2026-11-24.",
};

describe.each([["made by hand", madeByHand] as const, ...recorded])(
  "an agent whose text is in log records: %s",
  (_, sent) => {
    it("is read with its text, the logs before the spans or after them", async () => {
      const [first, second] = [await start(), await start()];
      await first.send(sent.logs);
      await first.send(sent.traces);
      await second.send(sent.traces);
      await second.send(sent.logs);
      const [one, other] = [await first.revision(sent.traceId, 1), await second.revision(sent.traceId, 1)];
      expect(one).toMatchObject({ ...TEXT, completion: "root-ended" });
      expect(other).toEqual(one);
      await first.running.stop(2_000);
    });

    it("is read again, with its text, when the logs come after it was scored; and not a third time", async () => {
      const { send, revision, running, traces } = await start();
      await send(sent.traces);
      expect((await revision(sent.traceId, 1))?.input).toBeUndefined();
      await send(sent.logs);
      expect(await revision(sent.traceId, 2)).toMatchObject(TEXT);
      await send(sent.logs);
      await send(sent.traces);
      expect(await running.waiting()).toMatchObject({ traces: 0 });
      expect((await running.store.trace(sent.traceId))?.summary.revision).toBe(2);
      expect(traces.filter(({ traceId }) => traceId === sent.traceId)).toHaveLength(2);
    });
  },
);

describe("an agent that speaks gRPC", () => {
  it("is read with its text", async () => {
    const { running, revision } = await start();
    const client = new GrpcClient(running.grpcUrl);
    const { traces, logs, traceId } = madeByHand;
    const records = logsJsonToProtobuf(String(logs.body));
    expect((await client.call([frame(records)], { ":path": LOGS_EXPORT })).code).toBe("0");
    expect((await client.call([frame(Buffer.from(traces.body))])).code).toBe("0");
    expect(await revision(traceId, 1)).toMatchObject(TEXT);
    await client.close();
  });
});

describe("recorded logs", () => {
  it.skipIf(!hasCaptures)(`all belong to spans of the recorded traces${ABSENT}`, () => {
    for (const [, { traces, logs }] of recorded) {
      const spanIds = new Set(spansOf(traces).map(({ spanId }) => spanId));
      const { fragments, ...left } = splitLogsByTrace(Buffer.from(logs.body));
      expect(left).toEqual({ rejected: 0, reason: null, withoutSpan: 0, withoutName: 0, ours: 0 });
      const records = fragments.flatMap(({ records = [] }) => records);
      expect(records.length).toBeGreaterThan(20);
      for (const { spanId } of records) expect(spanIds).toContain(spanId);
    }
    expect(recorded).toHaveLength(2);
  });
});
