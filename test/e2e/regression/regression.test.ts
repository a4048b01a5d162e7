// The demo's support agent and the same in Python: a change that keeps the errors of tools from the model is blocked, its fix passes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { simulatedModel } from "../../../evals/support-agent/simulated-model.ts";
import type { GateReport } from "../../../src/core/verdict.ts";
import { type ModelServer, startModelServer } from "../../../src/testing/index.ts";
import { runCli } from "../../cli/run-cli.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
const EVALS = join(REPOSITORY, "evals");
const PYTHON = join(import.meta.dirname, "python");

/** What each way to run the agent needs in its folder, and how the change is made and unmade. */
interface Way {
  readonly task: string;
  readonly gate?: string;
  /** Puts the agent there. */
  install(folder: string): void;
  /** The file that the change touches: as it was, and with the change. */
  readonly change: { readonly file: string; readonly sound: () => string; readonly faulty: () => string };
}

const demo = (task: string): Way => ({
  task,
  install(folder) {
    cpSync(EVALS, join(folder, "evals"), { recursive: true });
    // The demo agent takes its types and its clients from here; the folder has no git.
    for (const shared of ["node_modules", "src"]) symlinkSync(join(REPOSITORY, shared), join(folder, shared));
  },
  change: {
    file: "evals/support-agent/run-tool.ts",
    sound: () => readFileSync(join(EVALS, "support-agent/run-tool.ts"), "utf8"),
    faulty: () => readFileSync(join(EVALS, "support-agent/bugs/run-tool.ts"), "utf8"),
  },
});

const python = (task: string, gate = ""): Way => ({
  task,
  gate,
  install: (folder) => cpSync(PYTHON, folder, { recursive: true }),
  change: {
    file: "support_agent.py",
    sound: () => readFileSync(join(PYTHON, "support_agent.py"), "utf8"),
    faulty: () =>
      readFileSync(join(PYTHON, "support_agent.py"), "utf8").replace(
        'return {"error": str(error)}, error',
        "return {}, error  # Internal errors are nothing a model should see.",
      ),
  },
});

const WAYS = {
  "as a module, with a live model": demo(
    'moduleTask({ path: "evals/support-agent/task.ts", isolation: "thread" })',
  ),
  "over replay, with live models": demo(
    'replayTask({ task: moduleTask({ path: "evals/support-agent/task.ts" }), mode: "models-live" })',
  ),
  "in Python, as a command": python('commandTask({ command: ["python3", "agent.py"] })'),
  "in Python, as a service that the gate starts": python(
    'httpTask({ url: "http://127.0.0.1:0/answer", start: { command: ["python3", "serve.py"], health: "/healthz" } })',
  ),
};

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer({ reply: simulatedModel });
});
afterAll(() => model.close());

/** A folder with the agent, a case that its change would break, and no history. */
function prepare(folder: string, way: Way): void {
  way.install(folder);
  mkdirSync(join(folder, "evals/datasets"), { recursive: true });
  const cases = readFileSync(join(EVALS, "datasets/support.jsonl"), "utf8").trim().split("\n");
  const refund = cases.find((line) => JSON.parse(line).mustPass.includes("tool-errors"));
  writeFileSync(join(folder, "refunds.jsonl"), `${refund}\n`);
  writeFileSync(
    join(folder, "tracegate.config.ts"),
    `import { commandTask, defineConfig, httpTask, moduleTask, replayTask, toolErrors } from "tracegate";
    export default defineConfig({
      scorers: [toolErrors()],
      gate: { task: ${way.task}, datasets: ["refunds.jsonl"], history: "main.jsonl", ${way.gate ?? ""} },
    });`,
  );
}

/** One run of the program, and the report it wrote. */
async function gate(cwd: string, ...args: readonly string[]) {
  const env = { SUPPORT_AGENT_MODEL_URL: model.url };
  const { exitCode, stdout, stderr } = await runCli(["gate", ...args, "--report", "report.json"], {
    cwd,
    env,
  });
  expect(stderr).toBe("");
  const report: GateReport = JSON.parse(readFileSync(join(cwd, "report.json"), "utf8"));
  return { exitCode, stdout, report };
}

async function expectBlock(folder: string): Promise<void> {
  const blocked = await gate(folder);
  expect(blocked.exitCode, blocked.stdout).toBe(1);
  expect(blocked.stdout).toMatch(/^Block/);
  const { verdict, run } = blocked.report;
  expect(verdict.cases.map(({ outcome }) => outcome)).toContain("regressed");
  // What blocks is what the agent did, seen in its spans.
  const { trace } = run.results[0] ?? {};
  expect(trace?.toolCalls[0]).toMatchObject({ name: "create_refund", error: expect.anything() });
  expect(trace?.output).toMatch(/^Your refund for order A-\d+ is on its way\./);
}

async function expectPass(folder: string): Promise<void> {
  const passed = await gate(folder);
  expect(passed.exitCode, passed.stdout).toBe(0);
  expect(passed.report.verdict.status).toBe("pass");
  expect(passed.report.run.results.every(({ fault }) => fault === null)).toBe(true);
  expect(passed.report.run.results[0]?.trace?.output).toContain("The reason was: Payment provider declined");
}

describe.each(Object.entries(WAYS))(
  "a regression planted in the agent %s",
  { timeout: 120_000 },
  (_, way) => {
    const folder = temporaryFolder();
    afterAll(() => folder.remove());
    const write = (text: string) => writeFileSync(join(folder.path, way.change.file), text);

    it("is blocked with exit code 1, and its fix passes with 0", async () => {
      prepare(folder.path, way);
      const asked = model.requests().length;
      const main = await gate(folder.path, "--record");
      expect(main.exitCode, main.stdout).toBe(0);
      expect(model.requests().length).toBeGreaterThan(asked);

      expect(way.change.faulty()).not.toBe(way.change.sound());
      write(way.change.faulty());
      await expectBlock(folder.path);

      write(way.change.sound());
      await expectPass(folder.path);
    });
  },
);

describe("a regression deployed with a service that runs already", { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it("is blocked with exit code 1, and its fix passes with 0", async () => {
    const [port, spans] = [await freePort(), await freePort()];
    const way = python(
      `httpTask({ url: "http://127.0.0.1:${port}/answer", settleMs: 300 })`,
      `port: ${spans}`,
    );
    prepare(folder.path, way);
    const deployed = async (text: string, use: () => Promise<void>) => {
      writeFileSync(join(folder.path, way.change.file), text);
      await serving(folder.path, { port, spans }, use);
    };
    const { change } = way;
    await deployed(change.sound(), async () =>
      expect((await gate(folder.path, "--record")).exitCode).toBe(0),
    );
    await deployed(change.faulty(), () => expectBlock(folder.path));
    await deployed(change.sound(), () => expectPass(folder.path));

    const gone = await gate(folder.path);
    expect(gone.exitCode).toBe(3);
    expect(gone.stdout).toContain("ECONNREFUSED");
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** The service as operations would start it: its spans go to a fixed port, whoever listens there. */
async function serving(
  cwd: string,
  ports: { readonly port: number; readonly spans: number },
  use: () => Promise<void>,
): Promise<void> {
  const env = {
    ...process.env,
    PORT: String(ports.port),
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ports.spans}`,
    SUPPORT_AGENT_MODEL_URL: model.url,
  };
  const child = spawn("python3", ["serve.py"], { cwd, env, stdio: "ignore" });
  const ended = once(child, "close");
  try {
    const deadline = Date.now() + 20_000;
    while (!(await accepts(ports.port)) && Date.now() < deadline) await sleep(50);
    await use();
  } finally {
    child.kill("SIGKILL");
    await ended;
  }
}

function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  }).finally(() => socket.destroy());
}
