import type { ChildProcess } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

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

  it("refuses an address that is not its own, and files together with an address", async () => {
    const backend = await doctor(["https://backend.example/api"]);
    expect(backend.stderr).toContain("traces cannot be read from an OTLP backend");
    expect(backend.exitCode).toBe(2);
    const both = await doctor(["sound.pb", "--listen", "0"]);
    expect(both.stderr).toContain("files or listens on one address, not both");
    expect(both.exitCode).toBe(2);
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
    const { exitCode, stdout } = await doctor(["http://127.0.0.1:0"], {
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
