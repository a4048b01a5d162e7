import { isAbsolute, relative, resolve } from "node:path";
import { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import type { WorkflowEvent } from "../github/event.ts";

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

const schema = z.object({
  config: text,
  dataset: text,
  mode: z.enum(["", "pull-request", "main", "release"], {
    error: "must be pull-request, main or release, or be left out",
  }),
  record: z.string().refine((value) => value === "" || BOOLEANS.has(value), {
    error: "must be true or false, or be left out",
  }),
  "working-directory": z.string(),
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
  const { config, dataset, mode, record } = result.data;
  return {
    ...(config ? { config } : {}),
    ...(dataset ? { dataset } : {}),
    mode: mode || modeOf(event.kind),
    record: BOOLEANS.get(record) ?? event.kind === "default-branch",
    workingDirectory: inside(environment.GITHUB_WORKSPACE || ".", result.data["working-directory"]),
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
