import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { SpanInput } from "../../../src/otlp/write-span.ts";
import { writeTraces } from "../../../src/otlp/write-traces.ts";
import { asJson, idOf, run } from "../../cli/agent-traces.ts";
import { runCli } from "../../cli/run-cli.ts";
import { startUp, type UpProcess } from "../../cli/up-process.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const MIB = 1024 * 1024;
/** Memory the process may hold at the most, MiB; 600 were measured. */
const MEMORY_LIMIT = 1_000;
const MANY = 100_000;

const folder = temporaryFolder();
let up: UpProcess;
let goodTraces = 0;

beforeAll(async () => {
  writeFileSync(
    join(folder.path, "tracegate.config.ts"),
    "export default { completion: { afterRootMs: 50, idleMs: 600_000 }, worker: { ruleTimeoutMs: 30_000 } };",
  );
  up = await startUp(folder.path);
});
afterAll(async () => {
  await up.stop("SIGKILL");
  folder.remove();
});
/** After whatever came in, the process takes and scores the next trace. */
afterEach(async () => {
  goodTraces += 1;
  const traceId = idOf(0xf00 + goodTraces);
  expect((await up.send(run({ traceId }))).status).toBe(200);
  expect(await up.scored(traceId)).toMatchObject({ msg: "passed" });
  expect((await fetch(`${up.url}/healthz`)).status).toBe(200);
  expect(up.peakMemory()).toBeLessThan(MEMORY_LIMIT);
});

function spanId(number: number): string {
  return number.toString(16).padStart(16, "0");
}

/** Tool spans `from` to `to` (left out) of a trace. */
function steps(
  traceId: string,
  from: number,
  to: number,
  parentOf: (id: number) => number | null,
): SpanInput[] {
  return Array.from({ length: to - from }, (_, index) => {
    const parent = parentOf(from + index);
    return {
      traceId,
      spanId: spanId(from + index),
      parentSpanId: parent === null ? null : spanId(parent),
      name: "execute_tool look",
      startTime: 1_767_225_600_000 + index,
      endTime: 1_767_225_600_001 + index,
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "look",
        "gen_ai.tool.call.arguments": `{"page":${from + index}}`,
        "gen_ai.tool.call.result": "nothing",
      },
    };
  });
}

function body(spans: readonly SpanInput[]): Uint8Array {
  return writeTraces([
    { resource: { "service.name": "shop" }, scopeSpans: [{ scope: { name: "test" }, spans }] },
  ]);
}

async function answerOf(response: Response): Promise<string> {
  return Buffer.from(await response.arrayBuffer()).toString("latin1");
}

async function why(traceId: string): Promise<string> {
  return (await runCli(["why", traceId], { cwd: folder.path })).stdout;
}

/** mulberry32. */
function randomBytes(seed: number, length: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) & 0xff;
  });
}

describe("bodies that cannot be read", () => {
  it("are answered 400 with the place, wherever a protobuf body is cut", async () => {
    const whole = run({ traceId: idOf(1) });
    for (const share of [0.1, 0.35, 0.6, 0.85, 0.999]) {
      const response = await up.send(whole.subarray(0, Math.floor(whole.length * share)));
      expect(response.status).toBe(400);
      expect(await answerOf(response)).toMatch(/Not OTLP protobuf: .* at byte \d+/);
    }
  });

  it("are answered 400, or with the spans that were refused, when they are random bytes", async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const response = await up.send(randomBytes(seed, 8 * seed));
      const text = await answerOf(response);
      expect([200, 400], `seed ${seed}: ${text}`).toContain(response.status);
      if (response.status === 400) expect(text).toContain("Not OTLP protobuf");
    }
  });

  it.each([
    { what: "text", sent: "hello", says: "Not JSON: Unexpected token" },
    { what: "a list", sent: "[1, 2]", says: "Wrong OTLP/JSON: the document is not an object" },
    {
      what: "JSON that breaks off",
      sent: asJson(run({ traceId: idOf(1) })).slice(0, 300),
      says: "Not JSON: ",
    },
    {
      what: "JSON of a wrong shape",
      sent: '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}',
      says: "Wrong OTLP/JSON: resourceSpans[0].scopeSpans[0].spans[0].traceId is not an id in hex (7).",
    },
  ])("are answered 400 with what is wrong when they are $what", async ({ sent, says }) => {
    const response = await up.send(sent);
    expect(response.status).toBe(400);
    expect(JSON.parse(await response.text()).message).toContain(says);
  });

  it("are answered 400 in a few words when they are nested without end", async () => {
    const levels = 20_000;
    const value = `${'{"arrayValue":{"values":['.repeat(levels)}{"intValue":1}${"]}}".repeat(levels)}`;
    const span = `{"traceId":"${idOf(1)}","spanId":"${spanId(1)}","name":"x","attributes":[{"key":"k","value":${value}}]}`;
    const response = await up.send(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`);
    expect(response.status).toBe(400);
    const { message } = JSON.parse(await response.text());
    expect(message).toMatch(/ is nested deeper than \d+ levels/);
    expect(message.length).toBeLessThan(400);
  });

  it("are answered 400 when they are not compressed as they say", async () => {
    const response = await up.send(run({ traceId: idOf(1) }), { "Content-Encoding": "gzip" });
    expect(response.status).toBe(400);
    expect(await answerOf(response)).toContain("The body cannot be inflated: incorrect header check.");
  });
});

describe("bodies that are too large", () => {
  it("are answered 413 with the limit, announced or not", async () => {
    const large = Buffer.alloc(100 * MIB, 0x0a);
    const announced = await up.send(large);
    expect(announced.status).toBe(413);
    expect(await answerOf(announced)).toContain(
      `The body has ${100 * MIB} bytes or more as sent; the limit is ${64 * MIB}. Send smaller batches.`,
    );
    const chunked = await fetch(`${up.url}/v1/traces`, {
      method: "POST",
      body: new Blob([large.subarray(0, 66 * MIB)]).stream(),
      duplex: "half",
      headers: { "Content-Type": "application/x-protobuf" },
    });
    expect(chunked.status).toBe(413);
    expect(await answerOf(chunked)).toContain(`the limit is ${64 * MIB}`);
  });

  it("are answered 413 when they only become it by inflating", async () => {
    const bomb = gzipSync(Buffer.alloc(300 * MIB), { level: 1 });
    expect(bomb.length).toBeLessThan(2 * MIB);
    const response = await up.send(bomb, { "Content-Encoding": "gzip" });
    expect(response.status).toBe(413);
    expect(await answerOf(response)).toMatch(
      /bytes or more inflated; the limit is 67108864\. Send smaller batches\./,
    );
  });
});

describe("strange traces", () => {
  it("with ids of a wrong length lose only those spans, and the sender is told", async () => {
    const [one] = steps(idOf(2), 1, 2, () => null);
    if (!one) throw new Error("one span");
    const response = await up.send(
      body([
        one,
        { ...one, spanId: "0102" },
        { ...one, traceId: "beef", spanId: spanId(3) },
        { ...one, traceId: "0".repeat(32), spanId: spanId(4) },
      ]),
    );
    expect(response.status).toBe(200);
    expect(await answerOf(response)).toContain(
      "1 span has a span id that is not 8 bytes long; 1 span has a trace id that is not 16 bytes long",
    );
    await up.scored(idOf(2));
    expect(await why(idOf(2))).toContain("Revision 1 with 1 span was scored");
  });

  it("that form a chain of 2,000 spans are scored", async () => {
    await up.send(body(steps(idOf(3), 1, 2_001, (id) => (id === 1 ? null : id - 1))));
    expect(await up.scored(idOf(3))).toMatchObject({ scores: 8 });
    const { stdout, exitCode } = await runCli(["show", idOf(3)], { cwd: folder.path });
    expect(exitCode).toBe(0);
    expect(stdout.split("\n").filter((line) => line.includes("execute_tool lo"))).toHaveLength(2_000);
  });

  it("whose parents form a cycle are scored when they are said to be complete, and show draws them", async () => {
    await up.send(body(steps(idOf(4), 1, 101, (id) => (id % 100) + 1)));
    await up.complete(idOf(4));
    expect(await up.scored(idOf(4))).toMatchObject({ scores: 8 });
    const { stdout } = await runCli(["show", idOf(4)], { cwd: folder.path });
    expect(stdout).toContain("parent-cycle: ");
    expect(stdout.split("\n").filter((line) => line.includes("execute_tool lo"))).toHaveLength(100);
  });

  it("with an attribute of 10 MB are scored", async () => {
    const answer = JSON.stringify([
      { role: "assistant", parts: [{ type: "text", content: "part 12 ".repeat(1_250_000) }] },
    ]);
    const [one] = steps(idOf(5), 1, 2, () => null);
    if (!one) throw new Error("one span");
    await up.send(body([{ ...one, attributes: { ...one.attributes, "gen_ai.output.messages": answer } }]));
    expect(await up.scored(idOf(5))).toMatchObject({ scores: 8 });
  });

  it("with texts of 200,000 nested brackets are scored", async () => {
    const brackets = "[".repeat(200_000) + "]".repeat(200_000);
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.input.messages": brackets,
      "gen_ai.output.messages": brackets,
      "gen_ai.tool.definitions": brackets,
    };
    const [one] = steps(idOf(6), 1, 2, () => null);
    if (!one) throw new Error("one span");
    await up.send(body([{ ...one, attributes }]));
    expect(await up.scored(idOf(6))).toMatchObject({ scores: 8 });
  });
});

describe(`a trace of ${MANY} spans`, { timeout: 60_000 }, () => {
  it("that comes in one request is scored", async () => {
    expect((await up.send(body(steps(idOf(7), 1, MANY + 1, (id) => (id === 1 ? null : 1))))).status).toBe(
      200,
    );
    expect(await up.scored(idOf(7), 1, 50_000)).toMatchObject({ scores: 8 });
  });

  it("that comes in a hundred requests, its root last, is scored once, with every span", async () => {
    const size = MANY / 100;
    for (let from = 1; from <= MANY; from += size) {
      const part = steps(idOf(8), from, from + size, (id) => (id === MANY ? null : MANY));
      expect((await up.send(body(part))).status).toBe(200);
    }
    expect(await up.scored(idOf(8), 1, 50_000)).toMatchObject({ scores: 8 });
    expect(await why(idOf(8))).toContain(`Revision 1 with ${MANY.toLocaleString("en")} spans was scored`);
  });
});
