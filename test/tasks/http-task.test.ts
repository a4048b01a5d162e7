import { readFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it, vi } from "vitest";

import { textMessage } from "../../src/core/message.ts";
import type { Task } from "../../src/core/run.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { type HttpTaskOptions, httpTask } from "../../src/tasks/http-task.ts";
import { taskContract } from "../contracts/task.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";

const SERVICE = fileURLToPath(new URL("./service.py", import.meta.url));
const newFolder = temporaryFolders();

taskContract("a Python service", {
  make: (behaviour, { timeoutMs, pidFile }) =>
    httpTask({
      url: `http://127.0.0.1:0/${behaviour}`,
      timeoutMs,
      start: { command: ["python3", SERVICE, pidFile], health: "/healthz" },
    }),
  missing: () => httpTask({ url: "http://127.0.0.1:9/nobody" }),
  shared: true,
  identity: "http POST /answers",
  newPidFile: () => join(newFolder(), "pids"),
  readPids: async (path) => (await readFile(path, "utf8")).trim().split("\n").map(Number),
});

const open: (Task | Server)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const setting = {
  trial: 3,
  endpoint: "http://127.0.0.1:9/case/a",
  traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01`,
  signal: new AbortController().signal,
};

/** A service in this process. */
async function serving(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

function task(options: HttpTaskOptions): Task {
  const made = httpTask(options);
  open.push(made);
  return made;
}

/** One answer of a service, and what the task makes of it. */
async function answered(status: number, type: string, body: string, options: Partial<HttpTaskOptions> = {}) {
  const url = await serving((_, response) => response.writeHead(status, { "content-type": type }).end(body));
  const output = await task({ url, ...options }).run(caseOf("a"), setting);
  const { answer, fault } = output;
  return answer ?? (fault ? `${fault.code}: ${fault.message.replace(url, "<url>")}` : undefined);
}

describe("what an http task sends", () => {
  const echo = async (options: Partial<HttpTaskOptions>, id = "a b") => {
    const seen: { path?: string; headers?: NodeJS.Dict<string | string[]>; body?: unknown } = {};
    const url = await serving(async (request, response) => {
      const chunks = await request.toArray();
      Object.assign(seen, {
        path: `${request.method} ${request.url}`,
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
      response.end("null");
    });
    const messages = [textMessage("system", "Be brief."), textMessage("user", "Where is it?")];
    const { fault } = await task({ url: `${url}/answer?v=1`, ...options }).run(
      caseOf(id, { input: { messages } }),
      setting,
    );
    expect(fault).toBeUndefined();
    return seen;
  };

  it("is the text of each message and the case's id, with the trial's trace", async () => {
    const { path, headers, body } = await echo({});
    expect(path).toBe("POST /answer?v=1");
    expect(body).toEqual({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Where is it?" },
      ],
      caseId: "a b",
    });
    expect(headers).toMatchObject({
      "content-type": "application/json",
      traceparent: setting.traceparent,
      baggage: "tracegate.case.id=a%20b,tracegate.trial=3",
      "x-tracegate-endpoint": setting.endpoint,
    });
  });

  it("is what the body option makes of the case", async () => {
    const { body } = await echo({ body: ({ id, tags }) => ({ question: id, tags }) });
    expect(body).toEqual({ question: "a b", tags: [] });
  });

  it("holds secrets out of the environment, and the headers of the user win", async () => {
    vi.stubEnv("SHOP_TOKEN", "s3cret\n");
    const { headers } = await echo({
      headers: { authorization: { env: "SHOP_TOKEN", prefix: "Bearer " }, baggage: "team=shop" },
    });
    expect(headers).toMatchObject({ authorization: "Bearer s3cret", baggage: "team=shop" });
  });

  it("goes to the URL that a variable holds at the time", async () => {
    const url = await serving((request, response) => response.end(JSON.stringify(request.url)));
    const one = task({ url: { env: "PREVIEW_URL" } });
    const { fault } = await one.run(caseOf("a"), setting);
    expect(fault?.message).toBe(
      "POST $PREVIEW_URL: the environment variable PREVIEW_URL is not set. It holds the URL of the service.",
    );
    vi.stubEnv("PREVIEW_URL", `${url}/v2`);
    expect(await one.run(caseOf("a"), setting)).toEqual({ answer: "/v2" });
    vi.stubEnv("PREVIEW_URL", "shop");
    expect((await one.run(caseOf("a"), setting)).fault?.message).toContain(
      "url is not usable: write http://",
    );
  });
});

describe("the answer an http task reads", () => {
  const json = (value: unknown) => answered(200, "application/json", JSON.stringify(value));

  it("is where services usually put it", async () => {
    expect(await json("hi")).toBe("hi");
    expect(await json({ id: 1, output: "hi" })).toBe("hi");
    expect(await json({ message: { role: "assistant", content: "hi" } })).toBe("hi");
    expect(await json({ choices: [{ message: { role: "assistant", content: "hi" } }] })).toBe("hi");
    expect(await answered(200, "text/plain; charset=utf-8", "hi\n")).toBe("hi");
  });

  it("is none where nothing says so", async () => {
    expect(await json({ ok: true })).toBeUndefined();
    expect(await answered(200, "text/html", "<p>hi")).toBeUndefined();
    expect(await answered(204, "text/plain", "")).toBeUndefined();
  });

  it("is in the last event of a stream that has one", async () => {
    const stream =
      'event: step\ndata: {"text":\ndata: "old"}\n\ndata: {"text": "new"}\n\ndata: {"done": true}\n\n';
    expect(await answered(200, "text/event-stream", stream)).toBe("new");
  });

  it("is what the answer option says, of the events too", async () => {
    const stream = "event: token\ndata: a\n\nevent: token\ndata:  b\n\nevent: done\ndata: x\n\n";
    const tokens = await answered(200, "text/event-stream", stream, {
      answer: ({ events }) =>
        events.flatMap(({ event, data }) => (event === "token" ? [data] : [])).join("|"),
    });
    expect(tokens).toBe("a| b");
    const broken = await answered(200, "text/plain", "hi", {
      answer: ({ json }) => String(Reflect.get(Object(json), "a").b),
    });
    expect(broken).toMatch(/^agent-failed-to-start: POST <url>\/: the answer option of httpTask threw: /);
  });
});

describe("a response that is no answer", () => {
  it.each([
    [500, "agent-crashed"],
    [503, "agent-crashed"],
    [429, "agent-failed-to-start"],
    [408, "agent-failed-to-start"],
    [401, "agent-refused"],
    [422, "agent-refused"],
  ] as const)("with %i is a fault that says what the service said", async (status, code) => {
    expect(await answered(status, "application/json", '{"error":"the words"}')).toMatch(
      new RegExp(
        `^${code}: POST <url>/: the service answered ${status} [A-Z][A-Za-z ]+: {"error":"the words"}`,
      ),
    );
  });

  it("shows the beginning of a long one, and says so of none", async () => {
    expect((await answered(502, "text/html", "x".repeat(9_000)))?.length).toBeLessThan(600);
    expect(await answered(503, "text/plain", "")).toContain("503 Service Unavailable, and nothing more.");
  });

  it.each([
    [500, "agent-crashed"],
    [502, "agent-failed-to-start"],
    [503, "agent-failed-to-start"],
    [504, "agent-failed-to-start"],
  ] as const)("with %i and no words is told from one of the service itself", async (status, code) => {
    expect(await answered(status, "text/plain", "")).toMatch(new RegExp(`^${code}: `));
  });

  it("is never followed elsewhere", async () => {
    const url = await serving((_, response) => response.writeHead(307, { location: "/new" }).end());
    const { fault } = await task({ url }).run(caseOf("a"), setting);
    expect(fault?.code).toBe("agent-refused");
    expect(fault?.message).toContain(
      "answered 307 Temporary Redirect, Location /new. Redirects are not followed",
    );
  });

  it("keeps secrets out of what is reported, also where the service repeats them", async () => {
    vi.stubEnv("SHOP_TOKEN", "s3cret");
    const headers = { authorization: { env: "SHOP_TOKEN", prefix: "Bearer " } };
    const refused = await answered(403, "text/plain", "Bearer s3cret is not known", { headers });
    expect(refused).toContain("Bearer [SHOP_TOKEN] is not known");
    expect(await answered(200, "text/plain", "your token: s3cret", { headers })).toBe(
      "your token: [SHOP_TOKEN]",
    );
    vi.stubEnv("SHOP_TOKEN", "");
    expect(await answered(200, "text/plain", "hi", { headers })).toContain(
      "the header authorization needs the environment variable SHOP_TOKEN, which is not set.",
    );
  });

  it("that breaks off is a fault", async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setTimeout(() => response.destroy(), 20);
    });
    const { fault } = await task({ url }).run(caseOf("a"), setting);
    expect(fault).toMatchObject({
      code: "agent-failed-to-start",
      message: expect.stringContaining("no whole answer"),
    });
  });

  it("that never ends is given up at the time limit, and when the run is stopped", async () => {
    const url = await serving((_, response) => response.writeHead(200).write("data: 1\n\n"));
    const late = await task({ url, timeoutMs: 100 }).run(caseOf("a"), setting);
    expect(late.fault).toMatchObject({ code: "agent-timed-out", limitMs: 100 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const stopped = await task({ url }).run(caseOf("a"), { ...setting, signal: controller.signal });
    expect(stopped.fault?.code).toBe("aborted");
  });
});

describe("options that do not fit", () => {
  it.each([
    [{ url: "shop" }, /url is not usable: write http:\/\/host/],
    [{ url: "ftp://shop/" }, /url is not usable: write http:\/\/host/],
    [{ url: "http://shop:0/" }, /port 0 only with start/],
    [{ url: "http://me:pass@shop/" }, /it holds credentials; give them as headers/],
    [{ url: { env: "X" }, start: { command: "serve" } }, /with start, url is a text/],
    [{ url: "http://127.0.0.1:0/", start: { command: [] } }, /start\.command is empty/],
  ])("are refused with the remedy: %j", (options, message) => {
    expect(() => httpTask(options)).toThrow(message);
    expect(() => httpTask(options)).not.toThrow(/pass@/);
  });
});

describe("a service and the spans it sends", () => {
  const tried = async (path: string, collect: { quietMs: number }, ids = ["a"]) => {
    const capture = await openCapture();
    const one = task({ url: `http://127.0.0.1:0/${path}`, start: { command: ["python3", SERVICE] } });
    try {
      const outputs = ids.map(async (id, index) => {
        const parent = { traceId: `${index + 1}`.padStart(32, "a"), spanId: "cd".repeat(8) };
        const place = capture.open(id, parent);
        const traceparent = `00-${parent.traceId}-${parent.spanId}-01`;
        const { tookMs, ...output } = await one.run(caseOf(id), { ...setting, ...place, traceparent });
        expect(tookMs).toBeGreaterThan(0);
        const chunks = await capture.collect(id, { ...collect, signal: setting.signal });
        return { output, names: chunks.flatMap((chunk) => readSpans(chunk)).map(({ name }) => name) };
      });
      return { trials: await Promise.all(outputs), unclaimed: capture.unclaimed?.() };
    } finally {
      await Promise.all([capture.close(), one.close()]);
    }
  };

  it("are joined to their trials, many at once", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `case-${index}`);
    const { trials } = await tried("answers", { quietMs: 600_000 }, ids);
    expect(trials).toEqual(ids.map((id) => ({ output: { answer: `answer to ${id}` }, names: [id] })));
  });

  it("are joined when they come after the response", async () => {
    const { trials } = await tried("late", { quietMs: 10_000 });
    expect(trials).toEqual([{ output: {}, names: ["a"] }]);
  });

  it("are read to the end with a stream", async () => {
    const { trials } = await tried("streams", { quietMs: 600_000 });
    expect(trials).toEqual([{ output: { answer: "Answer é" }, names: ["a"] }]);
  });

  it("are counted as foreign when the service begins a trace of its own", async () => {
    const { trials, unclaimed } = await tried("own-trace", { quietMs: 100 });
    expect(trials).toEqual([{ output: {}, names: [] }]);
    expect(unclaimed).toBe(1);
  });
});
