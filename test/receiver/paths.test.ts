import { afterEach, describe, expect, it } from "vitest";

import { readSpans } from "../../src/otlp/read-spans.ts";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../src/receiver/receiver.ts";
import { captureFiles, hasCaptures, readCaptureAsSent } from "../otlp/captures.ts";
import { jsonRequest, logRequest, recorder, request, span, spanId, traceId } from "./otlp-samples.ts";

const PROTOBUF = { "Content-Type": "application/x-protobuf" };
const JSON_TYPE = { "Content-Type": "application/json" };
const ABSENT = hasCaptures ? "" : " (skipped: ../shared/captures is not there)";

let receiver: Receiver | undefined;

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function start(options: Partial<ReceiverOptions> = {}) {
  const { fragments, accept } = recorder();
  receiver = await startReceiver({ port: 0, accept, signal: async () => {}, ...options });
  const { url } = receiver;
  const send = (path: string, init: RequestInit) => fetch(`${url}${path}`, { method: "POST", ...init });
  return { fragments, send };
}

const traces = () => ({ headers: PROTOBUF, body: new Uint8Array(request([span(1, 1)])) });
const logs = () => ({ headers: JSON_TYPE, body: logRequest([{ traceId: traceId(1), spanId: spanId(1) }]) });

describe("the paths of other clients", () => {
  it.each(["/v1/traces", "/otel/v1/traces", "/api/public/otel/v1/traces", "/", "/otel", "/v1/traces/"])(
    "take traces at %s, protobuf and JSON",
    async (path) => {
      const { fragments, send } = await start();
      expect((await send(path, traces())).status).toBe(200);
      const body = jsonRequest({ traceId: traceId(2), spanId: spanId(2) });
      expect(await (await send(path, { headers: JSON_TYPE, body })).text()).toBe("{}");
      expect(fragments.map((fragment) => fragment.traceId)).toEqual([traceId(1), traceId(2)]);
    },
  );

  it.each(["/v1/logs", "/otel/v1/logs", "/api/public/otel/v1/logs"])("take logs at %s", async (path) => {
    const { fragments, send } = await start();
    expect((await send(path, logs())).status).toBe(200);
    expect(fragments.map(({ heads, records }) => [heads.length, records?.length])).toEqual([[0, 1]]);
  });

  it("can be added by prefix, or by a whole path", async () => {
    const { fragments, send } = await start({ paths: ["/collector/", "/ingest/otlp/v1/traces"] });
    for (const path of ["/collector/v1/traces", "/collector", "/ingest/otlp/v1/traces", "/ingest/otlp"]) {
      expect([path, (await send(path, traces())).status]).toEqual([path, 200]);
    }
    expect((await send("/collector/v1/logs", logs())).status).toBe(200);
    expect(fragments).toHaveLength(5);
  });

  it("answer 405 to other methods, and 404 beside them", async () => {
    const { send } = await start();
    for (const path of ["/", "/v1/logs", "/otel/v1/traces", "/api/public/otel/v1/logs"]) {
      const { status, headers } = await send(path, { method: "GET" });
      expect([path, status, headers.get("allow")]).toEqual([path, 405, "POST"]);
    }
    for (const path of ["/v1", "/otel/v1", "/collector/v1/traces", "/api/public/v1/traces", "/v1/metrics"]) {
      expect([path, (await send(path, traces())).status]).toEqual([path, 404]);
    }
    expect((await send("/info", { method: "GET" })).status).toBe(404);
  });
});

describe("the token", () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const shown: readonly [string, Record<string, string>, number][] = [
    ["as bearer token", { Authorization: "Bearer s3:cret" }, 200],
    ["as password of Basic, whoever the user", { Authorization: basic("pk-lf-1:s3:cret") }, 200],
    ["as password of Basic without a user", { Authorization: basic(":s3:cret") }, 200],
    ["as x-api-key", { "x-api-key": "s3:cret" }, 200],
    ["as user of Basic", { Authorization: basic("s3:cret:other") }, 401],
    ["as Basic without a colon", { Authorization: basic("s3") }, 401],
    ["as broken Basic", { Authorization: "Basic %%%" }, 401],
    ["cut short", { "x-api-key": "s3:cre" }, 401],
    ["empty", { Authorization: basic("x:"), "x-api-key": "" }, 401],
    ["not at all", {}, 401],
  ];

  it.each(shown)("shown %s", async (_, headers, status) => {
    const { fragments, send } = await start({ token: "s3:cret", paths: ["/collector"] });
    for (const path of ["/", "/otel/v1/traces", "/api/public/otel/v1/traces", "/collector"]) {
      const { body } = traces();
      expect([path, (await send(path, { headers: { ...PROTOBUF, ...headers }, body })).status]).toEqual([
        path,
        status,
      ]);
    }
    expect(fragments).toHaveLength(status === 200 ? 4 : 0);
  });
});

describe("Basic authorization", () => {
  it("needs a colon before the password", async () => {
    const { send } = await start({ token: "s3cret" });
    const status = async (text: string) => {
      const headers = { ...PROTOBUF, Authorization: `Basic ${Buffer.from(text).toString("base64")}` };
      return (await send("/v1/traces", { ...traces(), headers })).status;
    };
    expect([await status("s3cret"), await status(":s3cret")]).toEqual([401, 200]);
  });
});

describe("recorded requests", () => {
  it.skipIf(!hasCaptures)(`of Langfuse and LangSmith are taken as sent${ABSENT}`, async () => {
    const files = captureFiles("{@langfuse,langsmith*}/**/*-traces.meta.json");
    expect(files).toHaveLength(2);
    for (const file of files) {
      const isLangsmith = file.startsWith("langsmith");
      const { fragments, send } = await start({ token: isLangsmith ? "lsv2_fake" : "sk-lf-1" });
      const { url, headers, body } = readCaptureAsSent(file);
      expect((await send(isLangsmith ? "/" : url, { headers, body })).status).toBe(200);
      expect(fragments.flatMap(({ bytes }) => readSpans(bytes)).length).toBeGreaterThan(3);
      await receiver?.close();
    }
  });
});
