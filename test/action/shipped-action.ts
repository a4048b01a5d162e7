import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";

const ROOT = join(import.meta.dirname, "../..");
const ACTION = parse(readFileSync(join(ROOT, "action.yml"), "utf8"));

/** What runs: the bundle of `action.yml`, or the one at `ACTION_MAIN`, e.g. of a build elsewhere. */
const MAIN = process.env.ACTION_MAIN ?? ACTION.runs.main;

/** What `action.yml` writes for the workflow's own token. */
const TOKEN = "$" + "{{ github.token }}";

/** One `::command key=value::data` line of the log. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: { readonly [key: string]: string };
  readonly data: string;
}

/** What the runner would see of one step. */
export interface Step {
  readonly exitCode: number | null;
  readonly log: string;
  /** Commands the runner obeys: those between `stop-commands` and its token are not among them. */
  readonly commands: readonly WorkflowCommand[];
  readonly outputs: { readonly [name: string]: string };
  readonly summary: string;
}

/** Runs what `action.yml` names, as the runner does: inputs with their defaults, event file, output and summary files. */
export async function runShippedAction(options: {
  readonly workspace: string;
  readonly event: { readonly name: string; readonly ref: string; readonly payload: object };
  readonly inputs?: { readonly [name: string]: string };
  readonly environment?: { readonly [name: string]: string };
  /** Where the GitHub API is, and the workflow's token; without it there is no token. */
  readonly github?: { readonly url: string; readonly token: string };
}): Promise<Step> {
  const runner = mkdtempSync(join(tmpdir(), "tracegate-runner-"));
  const file = (name: string, content = "") => {
    writeFileSync(join(runner, name), content);
    return join(runner, name);
  };
  const inputs = Object.entries<{ readonly default?: string }>(ACTION.inputs).map(
    ([name, { default: preset }]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      options.inputs?.[name] ?? (preset ?? "").replace(TOKEN, options.github?.token ?? ""),
    ],
  );
  const child = spawn(process.execPath, [resolve(ROOT, MAIN)], {
    cwd: options.workspace,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      ...Object.fromEntries(inputs),
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: options.workspace,
      GITHUB_EVENT_NAME: options.event.name,
      GITHUB_EVENT_PATH: file("event.json", JSON.stringify(options.event.payload)),
      GITHUB_REF: options.event.ref,
      GITHUB_SHA: "c0ffee",
      GITHUB_OUTPUT: file("output"),
      GITHUB_STEP_SUMMARY: file("summary"),
      RUNNER_TEMP: options.workspace,
      GITHUB_REPOSITORY: "o/r",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_RUN_ID: "77",
      // Nothing listens there: a test without a double must not reach the real one.
      GITHUB_API_URL: options.github?.url ?? "http://127.0.0.1:1",
      ...options.environment,
    },
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.on("close", done)),
  ]);
  const outputs = parseOutputs(readFileSync(join(runner, "output"), "utf8"));
  const summary = readFileSync(join(runner, "summary"), "utf8");
  rmSync(runner, { recursive: true });
  return { exitCode, log: stdout + stderr, commands: parseCommands(stdout), outputs, summary };
}

function parseCommands(log: string): WorkflowCommand[] {
  const commands: WorkflowCommand[] = [];
  let stopped: string | undefined;
  for (const line of log.split("\n")) {
    const match = /^\s*::([\w-]+)(?: ([^:]*))?::(.*)$/.exec(line);
    if (!match) continue;
    const [, name = "", properties = "", data = ""] = match;
    if (stopped !== undefined) {
      if (name === stopped) stopped = undefined;
    } else if (name === "stop-commands") {
      stopped = data;
    } else {
      const pairs = properties.split(",").map((pair) => pair.split("=").map(decode));
      commands.push({ name, properties: Object.fromEntries(pairs), data: decode(data) });
    }
  }
  return commands;
}

function decode(part: string): string {
  return part
    .replaceAll("%0A", "\n")
    .replaceAll("%0D", "\r")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
}

function parseOutputs(text: string): { [name: string]: string } {
  const pairs = [...text.matchAll(/^(.+?)<<(ghadelimiter_.+)\n([\s\S]*?)\n\2$/gm)];
  return Object.fromEntries(pairs.map(([, name = "", , value = ""]) => [name, value]));
}
