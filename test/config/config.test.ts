import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

import { loadConfig } from "../../src/config/load-config.ts";
import { defaultConfig, parseConfig } from "../../src/config/parse-config.ts";
import { configSchema } from "../../src/config/schema.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { toolErrors } from "../../src/scorers/tool-errors.ts";
import { commandTask } from "../../src/tasks/command-task.ts";
import { runCli } from "../cli/run-cli.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** The whole message about a wrong configuration. */
function complaint(value: unknown): string {
  try {
    parseConfig(value, "tracegate.config.ts");
  } catch (error) {
    expect(error).toMatchObject({ name: "TracegateError", code: "config" });
    return error instanceof Error ? error.message : "";
  }
  return "";
}

const sink = { name: "out", write: async () => {}, close: async () => {} };
const scorer = defineScorer("twin", () => true);

describe("a configuration", () => {
  it("may leave everything out", () => {
    expect(defaultConfig()).toMatchObject({
      directory: ".tracegate",
      sinks: [],
      receiver: { host: "127.0.0.1", port: 4318 },
      gate: { errorRate: 0.05, datasets: ["evals/datasets/harvested.jsonl"] },
    });
  });

  it("samples one in ten ordinary traces, or none or all of them when it says so", () => {
    expect(defaultConfig().sampling).toEqual({ rate: 0.1, firstOfVersion: 200 });
    expect([false, 1, { rate: 0 }].map((sampling) => parseConfig({ sampling }, "it").sampling)).toEqual([
      false,
      1,
      { rate: 0, firstOfVersion: 200 },
    ]);
  });

  it("takes what the factories make", () => {
    const task = commandTask({ command: "true" });
    const given = { scorers: [toolErrors(), scorer], sinks: [sink], gate: { task } };
    expect(parseConfig(given, "it")).toMatchObject({ scorers: [{ name: "tool-errors" }, { name: "twin" }] });
  });
});

describe("a wrong configuration", () => {
  const rooms = ["receiver", "completion", "worker", "retention", "harvest", "gate"] as const;

  it.each(["", ...rooms])('says which keys there are where one is unknown (level "%s")', (room) => {
    const schema =
      room === "" ? configSchema : configSchema.shape[room as (typeof rooms)[number]].def.innerType;
    const known = Object.keys(schema.shape).join(", ");
    const path = room === "" ? "wrong" : `${room}.wrong`;
    expect(complaint(room === "" ? { wrong: 1 } : { [room]: { wrong: 1 } })).toBe(
      `tracegate.config.ts is not a valid configuration:\n  ${path}: there is no such key. Known here: ${known}.`,
    );
  });

  it("is told apart inside a value that may be of several kinds", () => {
    const keys = "rate, slowMs, firstOfVersion, services";
    expect(
      complaint({ sampling: { rate: 2, share: 1, services: { a: { slowMs: -1 } } } }).split("\n"),
    ).toEqual([
      "tracegate.config.ts is not a valid configuration:",
      "  sampling.rate: must be 1 or less, got 2.",
      "  sampling.services.a.slowMs: must be 0 or more, got -1.",
      `  sampling.share: there is no such key. Known here: ${keys}.`,
    ]);
    expect(complaint({ gate: { control: { bas: "main" } } })).toContain(
      "gate.control.bas: there is no such key. Known here: setup, base, timeoutMs.",
    );
    expect(complaint({ sampling: 0.5 })).toContain(
      "sampling: must be false for all traces, or an object such as { rate: 0.1 }, got 0.5.",
    );
  });

  it("names path, demand and value of every mistake in one go", () => {
    const message = complaint({
      receiver: { port: "4318", host: 7 },
      completion: { idleMs: -1, maxSpans: 1.5 },
      worker: { concurrency: 1_000 },
      harvest: 3,
      gate: { errorRate: 0, datasets: [], trust: "all", minHistory: 0, maxUnscored: 2 },
      directory: null,
    });
    expect(message.split("\n").toSorted()).toEqual(
      [
        "tracegate.config.ts is not a valid configuration:",
        "  directory: must be a text, got null.",
        "  receiver.host: must be a text, got 7.",
        '  receiver.port: must be a number, got "4318".',
        "  completion.idleMs: must be 0 or more, got -1.",
        "  completion.maxSpans: must be a whole number, got 1.5.",
        "  worker.concurrency: must be 256 or less, got 1000.",
        "  harvest: must be an object, got 3.",
        "  gate.datasets: must have an entry at least, got [].",
        "  gate.errorRate: must be more than 0, got 0.",
        "  gate.minHistory: must be more than 0, got 0.",
        "  gate.maxUnscored: must be 1 or less, got 2.",
        '  gate.trust: must be a list, got "all".',
      ].toSorted(),
    );
  });

  it("takes other limits of completion for a service, and no others", () => {
    const services = { "batch-agent": { idleMs: 600_000 } };
    expect(parseConfig({ completion: { services } }, "tracegate.config.ts").completion).toMatchObject({
      idleMs: 60_000,
      services,
    });
    expect(complaint({ completion: { services: { a: { idle: 1, maxSpans: 0 } } } })).toMatch(
      /completion\.services\.a\.maxSpans: must be more than 0, got 0/,
    );
  });

  const invalid = "tracegate.config.ts is not a valid configuration:\n  ";
  const notScorer = "must be a scorer made by defineScorer(...) or defineJudge(...)";
  it.each([
    {
      what: "nothing at all",
      value: null,
      says: `${invalid}the default export: must be an object, got null.`,
    },
    { what: "a list", value: [], says: `${invalid}the default export: must be an object, got [].` },
    {
      what: "a promise",
      value: Promise.resolve({}),
      says: "tracegate.config.ts: the default export is a promise. Write: export default await ...",
    },
    {
      what: "a factory that was not called",
      value: { scorers: [toolErrors] },
      says: `${invalid}scorers.0: ${notScorer}, got the function toolErrors (call it: toolErrors()).`,
    },
    {
      what: "a function for a scorer",
      value: { scorers: [scorer, () => true] },
      says: `${invalid}scorers.1: ${notScorer}, got a function.`,
    },
    {
      what: "a scorer without a name",
      value: { scorers: [{ score: () => true }] },
      says: `${invalid}scorers.0: ${notScorer}, got {}.`,
    },
    {
      what: "a model's name for a judge",
      value: { judge: "gpt" },
      says: `${invalid}judge: must be openai(...) or anthropic(...), got "gpt".`,
    },
    {
      what: "a command for a task",
      value: { gate: { task: "node agent.js" } },
      says: `${invalid}gate.task: must be moduleTask(...), commandTask(...), httpTask(...) or replayTask(...), got "node agent.js".`,
    },
    {
      what: "an address for a sink",
      value: { sinks: ["http://127.0.0.1:4318"] },
      says: `${invalid}sinks.0: must be a sink such as otlp(...), got "http://127.0.0.1:4318".`,
    },
    {
      what: "two scorers of one name",
      value: { scorers: [scorer, scorer] },
      says: 'tracegate.config.ts: two scorers have the name "twin". Give one of them another name.',
    },
    {
      what: "two sinks of one name",
      value: { sinks: [sink, sink] },
      says: 'tracegate.config.ts: two sinks have the name "out". Give one of them another name.',
    },
  ])("that is or holds $what says so", ({ value, says }) => {
    expect(complaint(value)).toBe(says);
  });
});

const FILES = {
  "no-default.ts": {
    content: "export const config = {};",
    says: "no-default.ts has no default export. Write: export default defineConfig({ ... }).",
  },
  "enum.ts": {
    content: "enum Colour { Red }\nexport default {};",
    says: "enum.ts could not be imported: TypeScript enum is not supported in strip-only mode. Node runs only TypeScript that can be erased: replace enum, namespace and parameter properties.",
  },
  "no-extension.ts": {
    content: 'import "./scorers/mine";\nexport default {};',
    says: "no-extension.ts could not be imported: Cannot find module '<folder>/scorers/mine' imported from <folder>/no-extension.ts. Check the path, and write relative imports with their extension.",
  },
  "no-package.ts": {
    content: 'import "not-installed-anywhere";\nexport default {};',
    says: "no-package.ts could not be imported: Cannot find package 'not-installed-anywhere' imported from <folder>/no-package.ts. Install that package.",
  },
  "no-export.ts": {
    content: 'import { mine } from "./no-default.ts";\nexport default { scorers: [mine] };',
    says: "no-export.ts could not be imported: The requested module './no-default.ts' does not provide an export named 'mine'. Run `node no-export.ts` to see the whole error.",
  },
  "throws.ts": {
    content: 'throw new Error("the vault is shut");',
    says: "throws.ts could not be imported: the vault is shut. Run `node throws.ts` to see the whole error.",
  },
  "wrong-key.ts": {
    content: "export default { harvest: { into: 1 } };",
    says: "wrong-key.ts is not a valid configuration:\n  harvest.into: there is no such key. Known here: dataset, recordings.",
  },
  "missing.ts": {
    content: undefined,
    says: "There is no configuration at <folder>/missing.ts. Correct --config, or leave it out.",
  },
};

describe("a configuration file", () => {
  const place = (name: string) => join(folder.path, name);

  it("is looked for here and in evals/, and all is default without one", async () => {
    expect(await loadConfig({ cwd: folder.path })).toEqual({ config: defaultConfig(), path: null });
  });

  it("that is wrong is named with what to do", () => {
    for (const [name, { content }] of Object.entries(FILES)) {
      if (content !== undefined) writeFileSync(place(name), content);
    }
    const child = fileURLToPath(new URL("./load-child.ts", import.meta.url));
    const stdout = execFileSync(process.execPath, [child, ...Object.keys(FILES)], { cwd: folder.path });
    const said = JSON.parse(stdout.toString().replaceAll(folder.path, "<folder>"));
    expect(said).toEqual(
      Object.fromEntries(
        Object.entries(FILES).map(([name, { says }]) => [name, `TracegateError config: ${says}`]),
      ),
    );
  });

  it("of a CommonJS project says how to name it, and is found under that name", async () => {
    mkdirSync(place("commonjs"));
    const within = (name: string, content: string) => writeFileSync(join(place("commonjs"), name), content);
    within("package.json", '{ "type": "commonjs" }');
    within("trace.json", "{}");
    within("tracegate.config.ts", "export default { scorers: [] };");
    const score = () => runCli(["score", "trace.json"], { cwd: place("commonjs") });
    expect((await score()).stderr).toContain(
      'Its package.json makes it a CommonJS module: rename it to tracegate.config.mts, or set "type": "module" there.',
    );
    renameSync(
      join(place("commonjs"), "tracegate.config.ts"),
      join(place("commonjs"), "tracegate.config.mts"),
    );
    expect((await loadConfig({ cwd: place("commonjs") })).config.scorers).toEqual([]);
  });

  it("ends every command with 2, and names the file in which a factory refused its options", async () => {
    writeFileSync(
      place("bad-name.config.ts"),
      'import { defineConfig, defineScorer } from "tracegate";\nexport default defineConfig({ scorers: [defineScorer("No Good", () => true)] });',
    );
    const { exitCode, stdout, stderr } = await runCli(["score", "-", "--config", "bad-name.config.ts"], {
      cwd: folder.path,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toBe(
      'tracegate: bad-name.config.ts: Scorer name "No Good" is not kebab-case. Use lower-case letters, digits and single hyphens, e.g. "no-failed-tools".\n',
    );
  });
});
