import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";

import type { Task } from "../../src/core/run.ts";
import { httpTask } from "../../src/tasks/http-task.ts";
import type { ServiceOptions } from "../../src/tasks/service.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";

/** What a service does before it answers; `answer(text)` answers, files are written to its folder. */
function serviceThat(does: string): readonly string[] {
  const source = `
    import { appendFileSync } from "node:fs";
    import { spawn } from "node:child_process";
    import { createServer } from "node:http";
    appendFileSync("starts", process.pid + "\\n");
    const server = createServer((request, response) => {
      const answer = (text, status = 200) => response.writeHead(status, { "content-type": "text/plain" }).end(text);
      ${does}
    });
    server.listen(Number(process.env.PORT), "127.0.0.1");
  `;
  return [process.execPath, "--input-type=module", "-e", source];
}

const newFolder = temporaryFolders();
const tasks: Task[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(tasks.splice(0).map((task) => task.close()));
});

function started(
  command: ServiceOptions["command"],
  options: Partial<ServiceOptions> & { url?: string } = {},
) {
  const cwd = newFolder();
  const { url = "http://127.0.0.1:0/", ...more } = options;
  const task = httpTask({ url, start: { command, cwd, ...more } });
  tasks.push(task);
  return {
    task,
    file: (name: string) => readFileSync(join(cwd, name), "utf8"),
    has: (name: string) => existsSync(join(cwd, name)),
    run: (sharedEndpoint = "http://127.0.0.1:9", trial = 1) =>
      task.run(caseOf("a"), {
        trial,
        endpoint: `${sharedEndpoint}/case/a`,
        sharedEndpoint,
        traceparent: "00-x",
        signal: new AbortController().signal,
      }),
  };
}

describe("a service that an http task starts", () => {
  it("is started once, however many trials wait for it", async () => {
    const { run, file } = started(serviceThat('answer("hi")'));
    const outputs = await Promise.all(Array.from({ length: 10 }, () => run()));
    expect(new Set(outputs.map(({ answer }) => answer))).toEqual(new Set(["hi"]));
    expect(file("starts").trim().split("\n")).toHaveLength(1);
  });

  it("is not asked before its health URL answers 2xx", async () => {
    const does = `
      if (request.url === "/ready") return answer("", process.uptime() > 0.6 ? 204 : 503);
      answer(process.uptime() > 0.6 ? "ready" : "too early");
    `;
    const { run } = started(serviceThat(does), { health: "/ready" });
    expect(await run()).toMatchObject({ answer: "ready" });
  });

  it("sends its spans to the gate, never to where production's go, soon, and reads traceparent", async () => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://production.example");
    vi.stubEnv("OTEL_PROPAGATORS", "b3");
    const does =
      'answer(Object.entries(process.env).filter(([name]) => /^OTEL_|^SHOP/.test(name)).map((pair) => pair.join("=")).sort().join("\\n"))';
    const { run } = started(serviceThat(does), { environment: { SHOP: "test" } });
    const { answer } = await run("http://127.0.0.1:5317");
    expect(answer?.split("\n")).toEqual([
      "OTEL_BLRP_SCHEDULE_DELAY=200",
      "OTEL_BSP_SCHEDULE_DELAY=200",
      "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:5317",
      "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
      "OTEL_LOGS_EXPORTER=otlp",
      "OTEL_METRICS_EXPORTER=none",
      "OTEL_PROPAGATORS=tracecontext,baggage",
      "OTEL_TRACES_EXPORTER=otlp",
      "OTEL_TRACES_SAMPLER=parentbased_always_on",
      "SHOP=test",
    ]);
  });

  it("is started anew when its spans are to go elsewhere", async () => {
    const { run, file } = started(serviceThat("answer(process.env.OTEL_EXPORTER_OTLP_ENDPOINT)"));
    expect((await run("http://127.0.0.1:1")).answer).toBe("http://127.0.0.1:1");
    expect((await run("http://127.0.0.1:2")).answer).toBe("http://127.0.0.1:2");
    expect(file("starts").trim().split("\n")).toHaveLength(2);
  });

  it("is started anew when the task is renewed", async () => {
    const { task, run, file } = started(serviceThat('answer("hi")'));
    await run();
    await task.renew?.();
    expect((await run()).answer).toBe("hi");
    expect(file("starts").trim().split("\n")).toHaveLength(2);
  });

  it("is told to end at the close, and killed with all it has started", async () => {
    const does = `
      const child = spawn("sleep", ["600"]);
      process.on("SIGTERM", () => setTimeout(() => { appendFileSync("flushed", "yes"); process.exit(); }, 50));
      answer([process.pid, child.pid].join(" "));
    `;
    const { run, task, file } = started(serviceThat(does));
    const pids = (await run()).answer?.split(" ").map(Number) ?? [];
    await task.close();
    expect(file("flushed")).toBe("yes");
    const alive = () => pids.filter((pid) => existsSync(`/proc/${pid}/exe`));
    await expect.poll(alive, { timeout: 5_000 }).toEqual([]);
    expect((await run()).fault?.message).toContain("was stopped.");
  });
});

describe("a service that does not serve", () => {
  it("ended: its last output is the fault, and it is started three times in all", async () => {
    const { run } = started("echo no model key >&2; exit 7");
    for (let trial = 0; trial < 3; trial++) {
      expect((await run()).fault).toEqual({
        code: "agent-failed-to-start",
        message: expect.stringMatching(/: echo .* ended with exit code 7\. Its last output:\nno model key$/),
      });
    }
    expect((await run()).fault?.message).toContain("no model key");
  });

  it("ended while a case was tried, which is a crash: the next trial starts it again", async () => {
    const { run, file } = started(
      serviceThat('process.stdout.write("out of memory", () => process.exit(9));'),
    );
    for (let trial = 0; trial < 4; trial++) {
      const { fault } = await run();
      expect(fault?.code).toBe(trial === 3 ? "agent-failed-to-start" : "agent-crashed");
      expect(fault?.message).toContain("ended with exit code 9. Its last output:\nout of memory");
      if (trial === 3) expect(fault?.message).toContain("started 3 times, and not once more: ");
    }
    expect(file("starts").trim().split("\n")).toHaveLength(3);
  });

  it.each([
    ["closes the connection", "request.socket.destroy()"],
    [
      "breaks off in its answer",
      'response.writeHead(200, { "content-length": 9 }).write("hi"); setTimeout(() => response.destroy(), 20)',
    ],
  ])("%s and lives on, which is a crash that shows what it printed", async (_, does) => {
    const { run, file } = started(serviceThat(`process.stderr.write("a handler threw", () => { ${does} });`));
    const { fault } = await run();
    expect(fault).toMatchObject({
      code: "agent-crashed",
      message: expect.stringMatching(
        /took the request and gave no whole answer \(.+\)\. .*\na handler threw$/s,
      ),
    });
    expect((await run()).fault?.code).toBe("agent-crashed");
    expect(file("starts").trim().split("\n")).toHaveLength(1);
  });

  it("ended while cases were tried: further trials of a case, which tell whether it always does, start it again", async () => {
    const { run, file } = started(serviceThat("process.exit(9);"));
    const codes: unknown[] = [];
    for (const trial of [1, 1, 1, 1, 2, 2, 3, 4, 1]) codes.push((await run(undefined, trial)).fault?.code);
    const [crashed, refused] = ["agent-crashed", "agent-failed-to-start"];
    expect(codes).toEqual([crashed, crashed, crashed, refused, crashed, crashed, crashed, crashed, refused]);
    expect(file("starts").trim().split("\n")).toHaveLength(7);
  });

  it("never starts: further trials do not start it more often", async () => {
    const { run } = started("exit 7");
    for (const trial of [1, 2, 3, 4, 5]) {
      expect((await run(undefined, trial)).fault?.code).toBe("agent-failed-to-start");
    }
  });

  it("never becomes healthy: it is stopped, and the fault says what was asked", async () => {
    const { run, file } = started(serviceThat('console.log("migrating"); answer("", 500)'), {
      health: "/healthz",
      startTimeoutMs: 1_000,
    });
    const { fault } = await run();
    expect(fault?.message).toMatch(
      /did not answer 2xx at http:\/\/127\.0\.0\.1:\d+\/healthz within 1000 ms and was stopped\. Its last output:\nmigrating/,
    );
    expect(existsSync(`/proc/${file("starts").trim()}/exe`)).toBe(false);
  });

  it("cannot be started", async () => {
    const { run } = started(["no-such-service"]);
    expect((await run()).fault?.message).toContain(
      "no-such-service cannot be started (spawn no-such-service ENOENT).",
    );
  });

  it("has a port that is taken: another program would be tried in its place", async () => {
    const other = createServer((_, response) => response.end("other"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    try {
      const { run, has } = started(serviceThat('answer("hi")'), { url: `http://127.0.0.1:${port}/` });
      expect((await run()).fault?.message).toContain(`port ${port} is in use already`);
      expect(has("starts")).toBe(false);
      vi.stubEnv("TRACEGATE_CONTROL", "1");
      expect((await run()).fault?.message).toContain(
        "The change's own service holds it: give the url port 0",
      );
    } finally {
      other.close();
    }
  });
});
