import type { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import { type Config, type ConfigInput, configSchema } from "./schema.ts";

/**
 * Checks a configuration and fills in the defaults.
 *
 * @param where Name of the file, for the message.
 * @throws TracegateError `config`, one line per wrong key: path, value and remedy.
 */
export function parseConfig(value: unknown, where: string): Config {
  if (value instanceof Promise) {
    throw new TracegateError(
      "config",
      `${where}: the default export is a promise. Write: export default await ...`,
    );
  }
  const result = configSchema.safeParse(value);
  if (result.success) {
    refuseTwins(result.data, where);
    return result.data;
  }
  const lines = result.error.issues.flatMap((issue) => explain(issue, value));
  throw new TracegateError("config", [`${where} is not a valid configuration:`, ...lines].join("\n  "));
}

function explain(issue: z.core.$ZodIssue, root: unknown): string[] {
  const path = issue.path.map(String);
  const inside = issue.code === "invalid_union" ? insideOf(issue) : [];
  if (inside.length > 0) return inside.flatMap((one) => explain(one, root));
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const name = [...path, key].join(".");
      return `${name}: there is no such key. Known here: ${known.join(", ")}.`;
    });
  }
  const found = path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), root);
  return [`${path.join(".") || "the default export"}: ${demand(issue)}, got ${show(found)}.`];
}

/** What is wrong inside the one kind of value that was meant; none where it is of no kind that is taken. */
function insideOf(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  const meant = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === "unrecognized_keys"),
  );
  return (meant ?? []).map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
}

const KINDS: { readonly [expected: string]: string } = {
  number: "a number",
  int: "a whole number",
  string: "a text",
  array: "a list",
  object: "an object",
  boolean: "true or false",
};

/** What a value must be, in words. */
function demand(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case "too_small":
      if (issue.origin === "array") return "must have an entry at least";
      return issue.inclusive === false
        ? `must be more than ${issue.minimum}`
        : `must be ${issue.minimum} or more`;
    case "too_big":
      return `must be ${issue.maximum} or less`;
    default:
      return issue.message;
  }
}

function knownKeys(path: readonly string[]): string[] {
  let shape: Readonly<Record<string, unknown>> = configSchema.shape;
  for (const key of path) {
    let inner = shape[key];
    while (isRecord(inner) && !("shape" in inner) && isRecord(inner.def)) inner = withinOf(inner.def);
    if (!isRecord(inner) || !isRecord(inner.shape)) return [];
    shape = inner.shape;
  }
  return Object.keys(shape);
}

/** What a schema of another one is about; of a union the object. */
function withinOf(def: Record<string, unknown>): unknown {
  if (!Array.isArray(def.options)) return def.innerType;
  return def.options.find((option: unknown) => isRecord(option) && "shape" in option);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") {
    const { name } = value;
    // A factory that nobody called: `scorers: [toolErrors]`.
    return name === "" || name === "default" ? "a function" : `the function ${name} (call it: ${name}())`;
  }
  if (value instanceof Promise) return "a promise; await it";
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

function refuseTwins(config: Config, where: string): void {
  const lists = { scorers: config.scorers ?? [], sinks: config.sinks };
  for (const [key, list] of Object.entries(lists)) {
    const names = list.map((item: { name: string }) => item.name);
    const twin = names.find((name, index) => names.indexOf(name) !== index);
    if (twin) {
      throw new TracegateError(
        "config",
        `${where}: two ${key} have the name "${twin}". Give one of them another name.`,
      );
    }
  }
}

/** The configuration of somebody who has written none. */
export function defaultConfig(input: ConfigInput = {}): Config {
  return parseConfig(input, "the default configuration");
}
