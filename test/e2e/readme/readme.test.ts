import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { otlp } from "../../../src/testing/spans.ts";
import { runShippedAction } from "../../action/shipped-action.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { freePort, startBackground } from "./background.ts";
import { REPOSITORY, readme } from "./blocks.ts";
import { cloneInto, lendPackages, shell, startProject, terminal } from "./user-project.ts";

const { blocks } = readme();
/** The transcript of the demo is compared in test/e2e/demo. */
const run = new Set(["tracegate / text / 1"]);
let port: number;

/** A block of the README, with a free port instead of the one in it. */
function block(name: string): string {
  run.add(name);
  const text = blocks.find((each) => each.name === name)?.text;
  if (text === undefined) throw new Error(`The README has no block ${name}.`);
  return text.replaceAll("4318", String(port));
}

const folder = temporaryFolder();
const clone = join(folder.path, "tracegate");
const project = join(folder.path, "my-agent");
const inProject = (lines: string, env: { readonly [name: string]: string } = {}) =>
  shell(lines, { cwd: project, env: terminal(env) });
const done = (said = "") => ({ exitCode: 0, said: expect.stringContaining(said) });

beforeAll(async () => {
  port = await freePort();
  cloneInto(clone);
  await startProject(project);
}, 60_000);
afterAll(() => folder.remove(), 60_000);

let broken = false;
beforeEach(({ skip }) => skip(broken, "an earlier step failed"));
afterEach(({ task }) => {
  broken ||= task.result?.state === "fail";
});

// The blocks are run in the order of the README, in one project, each on what those before it left.
describe("the README", { timeout: 120_000 }, () => {
  it.each(["tracegate / sh / 1", "tracegate / sh / 2"])("names commands that CI runs: %s", (name) => {
    const ci = readFileSync(join(REPOSITORY, ".ci/run"), "utf8").replaceAll("npm run -s ", "npm run ");
    const commands = block(name).split(" && ");
    expect(commands[0]).toBe("npm ci");
    for (const command of commands) expect(ci).toContain(command);
  });

  it("packs tracegate and installs it", async () => {
    const [clean, ...build] = block("Install / sh / 1").split(" && ");
    expect(clean).toBe("npm ci"); // CI ran it before this test; here it would remove the packages of this repository
    expect(await shell(build.join(" && "), { cwd: clone })).toEqual(done());
    expect(await inProject(block("Install / sh / 2"))).toEqual(done());
    expect(await inProject("npx tracegate --version")).toEqual(done("0.1.0"));
    lendPackages(project);
  });

  it("starts a receiver, and points an agent and a Collector at it", async () => {
    const up = startBackground(`${block("Send your traces / sh / 1")} --port ${port} --grpc-port 0`, project);
    try {
      await up.said(/listening on/);
      const lines = `${block("Send your traces / sh / 2")}\nnode src/serve.ts`;
      expect(await inProject(lines, { REFUNDS: "down" })).toEqual(done());
      const scored = await up.said(/"scores":/);
      const { traceId } = JSON.parse(scored);
      expect(await inProject(`npx tracegate show ${traceId}`)).toEqual(done("create_refund"));
      expect(await inProject(`npx tracegate why ${traceId}`)).toEqual(done("tool-errors"));

      const { exporters, service } = parse(block("Send your traces / yaml / 1"));
      expect(service.pipelines.traces.exporters).toEqual(Object.keys(exporters));
      const { endpoint } = exporters["otlphttp/tracegate"];
      const sent = await fetch(`${endpoint}/v1/traces`, {
        method: "POST",
        headers: { "Content-Type": "application/x-protobuf" },
        body: new Uint8Array(otlp({ spans: [{ name: "from the Collector" }] })),
      });
      expect(sent.status).toBe(200);
      await up.interrupt();
      await up.said(/"stopped;/);
    } finally {
      await up.interrupt();
    }
  });

  it("scores a file", async () => {
    const fixture = readFileSync(join(REPOSITORY, "test/fixtures/otlp/otel-genai-current.json"), "utf8");
    writeFileSync(join(project, "traces.jsonl"), `${JSON.stringify(JSON.parse(fixture))}\n`);
    expect(await inProject(block("Send your traces / sh / 3"))).toEqual(done("tool-errors"));
  });

  it("shows a configuration that compiles and scores", async () => {
    mkdirSync(join(project, "evals"));
    writeFileSync(join(project, "tracegate.config.ts"), block("Write a scorer and a judge / ts / 1"));
    writeFileSync(join(project, "evals/task.ts"), block("Gate your pull requests / ts / 1"));
    expect(await inProject("node node_modules/typescript/bin/tsc")).toEqual({ exitCode: 0, said: "" });
    const { said } = await inProject("npx tracegate score traces.jsonl --format json 2>/dev/null");
    const scores: { readonly name: string; readonly unscored: object | null }[] = JSON.parse(said)[0].scores;
    const named = (name: string) => scores.find((score) => score.name === name);
    expect(named("no-failed-tools")).toMatchObject({ unscored: null });
    expect(named("resolved")).toMatchObject({ unscored: { code: "no-key" } });
    expect(named("groundedness")).toMatchObject({ unscored: { code: "no-key" } });
  });

  it("shows a test of a scorer that passes", async () => {
    mkdirSync(join(project, "test"));
    writeFileSync(join(project, "test/scorers.test.ts"), block("Write a scorer and a judge / ts / 2"));
    expect(await inProject("node node_modules/typescript/bin/tsc")).toEqual({ exitCode: 0, said: "" });
    expect(await inProject("node node_modules/vitest/vitest.mjs run")).toEqual(done("1 passed"));
  });

  it("turns the failure of production into a case in git", async () => {
    // One key per case needs a terminal, which test/cli has.
    const lines = block("Gate your pull requests / sh / 1").replace(/review$/m, "review --accept-all");
    expect(await inProject(lines)).toEqual(done("1 accepted"));
    expect(await inProject("git show --stat")).toEqual(done("evals/datasets/harvested.jsonl"));
  });

  it("blocks the change that brings the failure back", async () => {
    const [record = "", gate = ""] = block("Gate your pull requests / sh / 2").split("\n");
    expect(await inProject(record)).toEqual(done());
    expect(await inProject(gate)).toEqual(done("Pass"));
    expect(await inProject(gate, { REFUNDS: "down" })).toMatchObject({
      exitCode: 1,
      said: expect.stringContaining("Blocked"),
    });
  });

  it("shows a workflow whose action blocks it too", async () => {
    const { jobs } = parse(block("Gate your pull requests / yaml / 1"));
    const { inputs } = parse(readFileSync(join(REPOSITORY, "action.yml"), "utf8"));
    const steps = Object.values<{ readonly steps: readonly Step[] }>(jobs).flatMap((job) => job.steps);
    for (const step of steps.filter(({ uses }) => uses !== undefined)) {
      expect(step.uses).toMatch(/^(actions\/(checkout|setup-node)@v\d+|your-org\/tracegate@COMMIT)$/);
      if (step.uses?.startsWith("your-org"))
        expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
    }
    const history = steps.find((each) => each.run?.includes("git push"))?.run ?? "";
    expect(await inProject(`(${history.replace("git push", "true")})\ngit show --stat`)).toEqual(
      done("evals/history.jsonl"),
    );
    const step = await runShippedAction({
      workspace: project,
      event: {
        name: "pull_request",
        ref: "refs/pull/1/merge",
        payload: { pull_request: { number: 1, base: { ref: "main" } } },
      },
      environment: { REFUNDS: "down", HOME: project },
    });
    expect(step.outputs.verdict, step.log).toBe("block");
    expect(step.exitCode).toBe(1);
  });

  it("starts the two halves, which say what they need where it is not there", async () => {
    const [receive = "", work = ""] = block("Scale out / sh / 1").split("\n");
    for (const half of [receive, work])
      expect(await inProject(half)).toMatchObject({
        exitCode: 2,
        said: expect.stringMatching(/REDIS_URL.*DATABASE_URL/s),
      });
  });

  it("says outside a clone that the demo needs one", async () => {
    expect(await inProject("npx tracegate demo")).toMatchObject({
      exitCode: 2,
      said: expect.stringContaining("needs a clone of the tracegate repository"),
    });
  });

  it("has no block that is not run here: add how to run it", () => {
    expect(blocks.map(({ name }) => name).filter((name) => !run.has(name))).toEqual([]);
  });
});

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: object;
}
