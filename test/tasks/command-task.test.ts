import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { commandTask } from "../../src/tasks/command-task.ts";
import { taskContract } from "../contracts/task.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";

const AGENT = fileURLToPath(new URL("./agent.py", import.meta.url));
const newFolder = temporaryFolders();

taskContract("a Python command", {
  make: (behaviour, { timeoutMs, pidFile }) =>
    commandTask({ command: ["python3", AGENT, behaviour, pidFile], timeoutMs }),
  missing: () => commandTask({ command: ["no-such-agent", "--now"] }),
  newPidFile: () => join(newFolder(), "pids"),
  readPids: async (path) => (await readFile(path, "utf8")).trim().split("\n").map(Number),
});

describe("a command task", () => {
  const setting = {
    trial: 1,
    endpoint: "http://127.0.0.1:9/case/a",
    traceparent: "00-x",
    signal: new AbortController().signal,
  };

  it("takes a text through the shell, and a case's text never becomes part of it", async () => {
    const input = caseOf("a", { expected: "$(touch pwned); `id` ' \" \\ \n end" });
    const output = await commandTask({ command: "cat | wc -l; cat /dev/null", cwd: newFolder() }).run(
      input,
      setting,
    );
    expect(output).toEqual({ answer: "1" });
  });

  it("passes the case as JSON, and runs in the folder it is told", async () => {
    const folder = newFolder();
    const read = await commandTask({ command: ["cat"] }).run(caseOf("a"), setting);
    expect(JSON.parse(read.answer ?? "")).toEqual(caseOf("a"));
    const where = await commandTask({ command: "pwd", cwd: folder }).run(caseOf("a"), setting);
    expect(where.answer).toContain(folder);
  });

  it("points OpenTelemetry at the gate, never at where production's spans go", async () => {
    process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = "https://production.example";
    process.env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT = "https://production.example";
    process.env.OTEL_EXPORTER_OTLP_HEADERS = "authorization=production";
    process.env.OTEL_RESOURCE_ATTRIBUTES = "team=shop";
    try {
      const output = await commandTask({
        command: "env | grep -E '^(OTEL_|TRACEPARENT|TRACEGATE_(CASE_ID|TRIAL)=)' | sort",
      }).run(caseOf("a b"), setting);
      expect(output.answer?.split("\n")).toEqual([
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9/case/a",
        "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
        "OTEL_LOGS_EXPORTER=otlp",
        "OTEL_METRICS_EXPORTER=none",
        "OTEL_RESOURCE_ATTRIBUTES=team=shop,tracegate.case.id=a%20b,tracegate.trial=1",
        "OTEL_TRACES_EXPORTER=otlp",
        "OTEL_TRACES_SAMPLER=parentbased_always_on",
        "TRACEGATE_CASE_ID=a b",
        "TRACEGATE_TRIAL=1",
        "TRACEPARENT=00-x",
      ]);
    } finally {
      delete process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
      delete process.env.OTEL_EXPORTER_OTLP_LOGS_ENDPOINT;
      delete process.env.OTEL_EXPORTER_OTLP_HEADERS;
      delete process.env.OTEL_RESOURCE_ATTRIBUTES;
    }
  });

  it("does not mind an agent that never reads its input, nor one that leaves a child behind", async () => {
    const large = caseOf("a", { expected: "x".repeat(1_000_000) });
    expect(await commandTask({ command: ["echo", "hi"] }).run(large, setting)).toEqual({ answer: "hi" });
    const started = performance.now();
    expect(await commandTask({ command: "sleep 600 & echo hi" }).run(caseOf("a"), setting)).toEqual({
      answer: "hi",
    });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it("says how it ended, with the end of its error output", async () => {
    const command = "for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i >&2; done; exit 4";
    const { fault } = await commandTask({ command }).run(caseOf("a"), setting);
    expect(fault?.message).toBe(
      `${command}: ended with exit code 4. Its last error output:\n${[3, 4, 5, 6, 7, 8, 9, 10].map((n) => `line ${n}`).join("\n")}`,
    );
    expect(fault?.code).toBe("agent-crashed");
    const killed = await commandTask({ command: "kill -TERM $$" }).run(caseOf("a"), setting);
    expect(killed.fault?.message).toBe("kill -TERM $$: was ended by SIGTERM. It wrote nothing to stderr.");
    expect(killed.fault?.code).toBe("agent-crashed");
  });

  it("tells a program that is not there, or cannot be executed, from one that crashed", async () => {
    for (const command of ["no-such-agent --now", "/dev/null", ["env", "no-such-agent"]]) {
      const { fault } = await commandTask({ command }).run(caseOf("a"), setting);
      expect(fault?.code, String(command)).toBe("agent-failed-to-start");
    }
  });

  it("tells a part of it that is not there from a crash, by what is written last", async () => {
    const node = (code: string) => [process.execPath, "--input-type=module", "-e", code];
    const python = (code: string) => ["python3", "-c", code];
    const codeOf = async (command: string | readonly string[]) =>
      (await commandTask({ command }).run(caseOf("a"), setting)).fault?.code;
    for (const command of [
      python("import no_such_package"),
      python("from json import no_such_name"),
      node("import 'no-such-package'"),
      node("import { createRequire } from 'node:module'; createRequire('/')('no-such-package')"),
      node("import { spawn } from 'node:child_process'; spawn('no-such-program')"),
      "no-such-program || exit 1",
      ["bash", "-c", "no-such-program || exit 1"],
    ]) {
      expect(await codeOf(command), String(command)).toBe("agent-failed-to-start");
    }
    for (const command of [
      python("try:\n  import no_such_package\nexcept ImportError:\n  raise ValueError('no backend')"),
      python("raise KeyError('ImportError: in a question')"),
      node("throw Object.assign(new Error('order not found'), { code: 'E404' })"),
      "echo 'Error: order 7: not found' >&2; exit 1",
      "echo 'ModuleNotFoundError: caught' >&2; echo 'order 7 is unknown' >&2; exit 1",
    ]) {
      expect(await codeOf(command), String(command)).toBe("agent-crashed");
    }
  });
});
