import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { askReceiver } from "../../src/app/ask-receiver.ts";
import { startReceiver } from "../../src/receiver/receiver.ts";
import type { Accept } from "../../src/receiver/take-export.ts";
import { otlp, type SpanSketch } from "../../src/testing/spans.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { idOf, run, sketchOf } from "./agent-traces.ts";
import { type CliOptions, runCli } from "./run-cli.ts";

const folder = temporaryFolder();
const doctor = (args: readonly string[], options: Partial<CliOptions> = {}) =>
  runCli(["doctor", ...args], { cwd: folder.path, ...options });

/** A run whose model call is recorded without its messages. */
function silentRun(traceId: string): Uint8Array {
  const silent: SpanSketch = {
    name: "chat test-model",
    scope: "com.anthropic.sdk.typescript",
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic",
      "gen_ai.request.model": "claude-sonnet-4-5",
      "gen_ai.usage.input_tokens": 20,
      "gen_ai.usage.output_tokens": 5,
      "gen_ai.response.finish_reasons": ["stop"],
    },
  };
  return otlp({ traceId, service: "shop", resource: { "service.version": "1.2" }, spans: [silent] });
}

beforeAll(() => {
  writeFileSync(join(folder.path, "sound.pb"), run({ traceId: idOf(1) }));
  writeFileSync(join(folder.path, "silent.pb"), silentRun(idOf(2)));
});
afterAll(() => folder.remove());

describe("doctor", () => {
  it("says what is lacking, what it costs and how to mend it, and exits 1 when it is serious", async () => {
    const { exitCode, stdout, stderr } = await doctor(["silent.pb"]);
    expect(stdout).toContain(`\
1 trace, 1 instrumentation
  com.anthropic.sdk.typescript: 1 trace

serious  content-off  1 of 1 trace
  Model calls are recorded without their messages.
  costs  Nobody can tell what was asked and answered, and no failure can become a case. Affects: groundedness, instruction-following, no-final-answer, unsupported-claim.
  mend   Set ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE=content (or contentMode: 'content' in the client's openTelemetry.traces).
  see    ${idOf(2)} (span 0000000000000001)
`);
    expect(stdout).toMatch(/\n1 serious, 0 warnings, \d hints\.\n$/);
    expect(stderr).toBe("");
    expect(exitCode).toBe(1);
  });

  it("exits 0 when nothing is serious", async () => {
    const { exitCode, stdout } = await doctor(["sound.pb"]);
    expect(stdout).toMatch(/\n0 serious, \d warnings?, \d hints\.\n$/);
    expect(exitCode).toBe(0);
  });

  it("prints the findings as JSON, over all files and standard input together", async () => {
    const { stdout } = await doctor(["silent.pb", "-", "--format", "json"], {
      stdin: run({ traceId: idOf(1) }),
    });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ v: 1, traces: 2 });
    expect(report.findings[0]).toMatchObject({
      code: "content-off",
      severity: "serious",
      traces: 1,
      of: 2,
      examples: [{ traceId: idOf(2), spanIds: ["0000000000000001"] }],
    });
  });

  it("tells of input that cannot be read and of none at all", async () => {
    const missing = await doctor(["missing.pb", "sound.pb"]);
    expect(missing).toMatchObject({ exitCode: 1, stderr: "missing.pb is not there. Check the path.\n" });
    expect(missing.stdout).toContain("1 trace");
    expect(await doctor(["-"], { stdin: "" })).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "No trace was found.\n",
    });
    expect((await doctor([])).stderr).toContain("No traces are stored in");
  });

  it("refuses files together with an endpoint or a port, and two endpoints", async () => {
    for (const args of [
      ["sound.pb", "--listen", "0"],
      ["sound.pb", "http://127.0.0.1:4318"],
      ["http://127.0.0.1:4318", "--listen", "0"],
      ["http://127.0.0.1:4318", "http://127.0.0.1:4319"],
    ]) {
      const { exitCode, stderr } = await doctor(args);
      expect(stderr).toContain("doctor reads files, asks one endpoint, or listens on one port");
      expect(exitCode).toBe(2);
    }
  });

  it("lets no escape sequence of a trace reach the terminal", async () => {
    const scope = "lib\u001b]0;owned\u0007\u202e";
    writeFileSync(join(folder.path, "hostile.pb"), otlp({ ...sketchOf({ traceId: idOf(3) }), scope }));
    const { stdout } = await doctor(["hostile.pb"]);
    expect(stdout).toContain("lib");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe("doctor that asks an endpoint", () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** A receiver of tracegate, and the exports with spans that it took. */
  async function receiver(token?: string, accept: Accept = async () => {}) {
    const { url, close } = await startReceiver({
      port: 0,
      accept,
      signal: async () => {},
      ...(token !== undefined && { token }),
    });
    closing.push(close);
    return url;
  }

  /** Something that answers every request with one status, and what it was shown. */
  async function somethingElse(status: number) {
    const shown: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      shown.push(headers.authorization);
      response.writeHead(status, { Location: "http://127.0.0.1:1/" }).end("hello");
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return { url: `http://127.0.0.1:${address.port}`, shown };
  }

  const CONFIG = `export default { receiver: { tokenEnv: "OTLP_TOKEN" } };`;

  it("says that a receiver takes traces and how agents are pointed at it, and leaves nothing there", async () => {
    let taken = 0;
    const url = await receiver(undefined, async () => {
      taken += 1;
    });
    const { exitCode, stdout, stderr } = await doctor([`${url}/v1/traces`]);
    expect(stdout).toContain(`${url}: a tracegate receiver that takes traces and wants no token.\n`);
    expect(stdout).toContain(`OTEL_EXPORTER_OTLP_ENDPOINT=${url}\n`);
    expect(stdout).toContain("Then `tracegate doctor`");
    expect({ exitCode, stderr, taken }).toEqual({ exitCode: 0, stderr: "", taken: 0 });
    const bare = await doctor([url.replace("http://", ""), "--format", "json"]);
    expect(JSON.parse(bare.stdout)).toEqual({
      v: 1,
      endpoint: url,
      is: "tracegate",
      token: "none",
      takes: true,
      said: null,
    });
  });

  it("says whether a receiver wants a token, and shows it the one of the configuration", async () => {
    const url = await receiver("s3cret");
    writeFileSync(join(folder.path, "token.config.ts"), CONFIG);
    const ask = (
      env: Readonly<Record<string, string>>,
      args: readonly string[] = ["--config", "token.config.ts"],
    ) => doctor([url, ...args], { env });
    expect(await ask({}, [])).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("Name the variable that holds it in receiver.tokenEnv"),
    });
    expect(await ask({})).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("Set OTLP_TOKEN (receiver.tokenEnv of the configuration) to it."),
    });
    expect(await ask({ OTLP_TOKEN: "wrong" })).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("wants another token than that in OTLP_TOKEN"),
    });
    const right = await ask({ OTLP_TOKEN: "s3cret" });
    expect(right.stdout).toContain("takes traces and wants a token and accepts that in OTLP_TOKEN.");
    expect(right.stdout).toContain("OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20<the token>");
    expect(right.stdout).not.toContain("s3cret");
    expect(right.exitCode).toBe(0);
  });

  it.each([
    [200, "takes traces over OTLP, but is not tracegate"],
    [401, "wants credentials and is not known to be tracegate (HTTP 401)"],
    [404, "something answers there that takes no traces over OTLP/HTTP (HTTP 404)"],
    [302, "something answers there that takes no traces over OTLP/HTTP (HTTP 302)"],
  ])("tells what is no receiver of tracegate (%i), and shows it no token", async (status, sentence) => {
    writeFileSync(join(folder.path, "token.config.ts"), CONFIG);
    const { url, shown } = await somethingElse(status);
    const { exitCode, stdout } = await doctor([url, "--config", "token.config.ts"], {
      env: { OTLP_TOKEN: "s3cret" },
    });
    expect(stdout).toContain(sentence);
    expect(exitCode).toBe(1);
    expect(shown).toEqual([undefined, undefined]);
  });

  it("says that nothing answers, and what to start", async () => {
    const { url } = await somethingElse(200);
    for (const close of closing.splice(0)) await close();
    const { exitCode, stdout } = await doctor([url]);
    expect(stdout).toMatch(/: nothing answers there \(.*ECONNREFUSED.*\)\.\n {2}Start `tracegate up` there/);
    expect(exitCode).toBe(1);
  });
});

describe("askReceiver", () => {
  it("waits no longer than it is told", async () => {
    const server = createServer(() => {});
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const { signal } = new AbortController();
    const answer = await askReceiver(`http://127.0.0.1:${address.port}`, { timeoutMs: 50, signal });
    server.closeAllConnections();
    server.close();
    expect(answer).toMatchObject({ is: "nothing", said: "no answer in time" });
  });
});

describe("doctor that listens", () => {
  it("reports as soon as enough traces are complete", async () => {
    const { exitCode, stdout, stderr } = await doctor(["--listen", "0", "--traces", "2"], {
      onStart: (child) =>
        whenListening(child, async (url) => {
          await send(url, silentRun(idOf(4)));
          await send(url, silentRun(idOf(5)));
          await complete(url, idOf(4));
          await complete(url, idOf(5));
        }),
    });
    expect(stderr).toMatch(/Listening on (http:\S+) for 2 traces.+OTEL_EXPORTER_OTLP_ENDPOINT=\1\n/s);
    expect(stdout).toContain("content-off  2 of 2 traces");
    expect(exitCode).toBe(1);
  });

  it("reports on what has arrived when it is interrupted", async () => {
    const { exitCode, stdout } = await doctor(["--listen", "0"], {
      onStart: (child) =>
        whenListening(child, async (url) => {
          await send(url, run({ traceId: idOf(6) }));
          child.kill("SIGINT");
        }),
    });
    expect(stdout).toContain("1 trace, 1 instrumentation");
    expect(exitCode).toBe(0);
  });
});

/** Calls back with the address that a command says it listens on. */
function whenListening(child: ChildProcess, then: (url: string) => Promise<void>): void {
  if (!child.stderr) throw new Error("no stderr");
  createInterface({ input: child.stderr }).on("line", (line) => {
    const url = /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/.exec(line)?.[1];
    // A failure shows as a command that waits for ever, which the time limit of runCli ends.
    if (url) then(url).catch(() => child.kill("SIGKILL"));
  });
}

async function send(url: string, body: Uint8Array): Promise<void> {
  const headers = { "Content-Type": "application/x-protobuf" };
  const response = await fetch(`${url}/v1/traces`, { method: "POST", headers, body: new Uint8Array(body) });
  if (!response.ok) throw new Error(`answered ${response.status}`);
}

async function complete(url: string, traceId: string): Promise<void> {
  const response = await fetch(`${url}/v1/traces/${traceId}/complete`, { method: "POST" });
  if (!response.ok) throw new Error(`answered ${response.status}`);
}
