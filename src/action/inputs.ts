import { isAbsolute, relative, resolve } from "node:path";
import { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import type { WorkflowEvent } from "../github/event.ts";
import { readShare, type Share } from "../pipeline/gate-part.ts";

/** What the gate's verdict means for the workflow. */
export type Mode = "pull-request" | "main" | "release";

/** The inputs of `action.yml`, parsed. */
export interface Inputs {
  /** Absent: looked for in the working directory, then in `evals/`. */
  readonly config?: string;
  /** Absent: the datasets of the configuration. */
  readonly dataset?: string;
  readonly mode: Mode;
  /** Add the trials to main's history. */
  readonly record: boolean;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Token for the comment and the check; absent: neither. */
  readonly token?: string;
  /** Keep one comment on the pull request up to date. */
  readonly comment: boolean;
  /** Put a check on the head commit. */
  readonly check: boolean;
  /** Try one part of the cases; the verdict is made of all parts. */
  readonly share?: Share;
  /** Reports of all parts, files or folders, as they were given: decide on them. */
  readonly merge?: readonly string[];
  /** Report file of an earlier run to comment on; then nothing is run. Absolute. */
  readonly publish?: string;
}

/** The booleans of YAML 1.2's core schema, as the toolkit's `getBooleanInput` reads them. */
const BOOLEANS = new Map([
  ["true", true],
  ["True", true],
  ["TRUE", true],
  ["false", false],
  ["False", false],
  ["FALSE", false],
]);

/** A text input; the runner gives an input that was not set as the empty string. */
const text = z.string().transform((value) => value || undefined);

const flag = z.string().refine((value) => value === "" || BOOLEANS.has(value), {
  error: "must be true or false, or be left out",
});

const schema = z.object({
  config: text,
  dataset: text,
  mode: z.enum(["", "pull-request", "main", "release"], {
    error: "must be pull-request, main or release, or be left out",
  }),
  record: flag,
  "working-directory": z.string(),
  token: text,
  comment: flag,
  check: flag,
  shard: z.string().refine((value) => value === "" || readShare(value) !== null, {
    error: "must be a part and the number of parts such as 2/5, or be left out",
  }),
  merge: z.string().transform((value) =>
    value
      .split("\n")
      .map((path) => path.trim())
      .filter((path) => path !== ""),
  ),
  publish: text,
});

/**
 * Reads the inputs from the environment as the runner sets it: `INPUT_<NAME>`, upper-case, blanks as underscores,
 * trimmed. What is left out follows from the event: `mode` from its kind, `record` is true on a push to the default branch.
 *
 * @throws TracegateError `config` with the input's name, the value found and what is allowed.
 */
export function readInputs(
  environment: { readonly [name: string]: string | undefined },
  event: Pick<WorkflowEvent, "kind">,
): Inputs {
  const raw = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, inputOf(environment, name)]));
  const result = schema.safeParse(raw);
  if (!result.success) {
    const lines = result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `input ${name} ${issue.message} (found ${JSON.stringify(raw[name]).slice(0, 80)}).`;
    });
    throw new TracegateError("config", `The action's inputs are wrong: ${lines.join(" ")}`);
  }
  const { config, dataset, mode, record, token, comment, check, shard, merge, publish } = result.data;
  const share = readShare(shard);
  if (share && merge.length > 0) {
    const message =
      "The action's inputs are wrong: shard and merge exclude each other; merge the parts in a job of its own.";
    throw new TracegateError("config", message);
  }
  const workingDirectory = inside(environment.GITHUB_WORKSPACE || ".", result.data["working-directory"]);
  return {
    ...(config ? { config } : {}),
    ...(dataset ? { dataset } : {}),
    mode: mode || modeOf(event.kind),
    record: BOOLEANS.get(record) ?? event.kind === "default-branch",
    workingDirectory,
    ...(token ? { token } : {}),
    // A part has no verdict to tell.
    comment: !share && (BOOLEANS.get(comment) ?? true),
    check: !share && (BOOLEANS.get(check) ?? true),
    ...(share ? { share } : {}),
    ...(merge.length > 0 ? { merge } : {}),
    ...(publish ? { publish: resolve(workingDirectory, publish) } : {}),
  };
}

function inputOf(environment: { readonly [name: string]: string | undefined }, name: string): string {
  return (environment[`INPUT_${name.replaceAll(" ", "_").toUpperCase()}`] ?? "").trim();
}

function modeOf(kind: WorkflowEvent["kind"]): Mode {
  if (kind === "release") return "release";
  return kind === "default-branch" ? "main" : "pull-request";
}

function inside(workspace: string, folder: string): string {
  const path = resolve(workspace, folder);
  const way = relative(resolve(workspace), path);
  if (way.startsWith("..") || isAbsolute(way)) {
    throw new TracegateError(
      "config",
      `The action's inputs are wrong: input working-directory must lie in the workspace (found ${JSON.stringify(folder)}).`,
    );
  }
  return path;
}
