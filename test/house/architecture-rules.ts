import { Visitor } from "oxc-parser";

import { findCycles } from "../../scripts/style/cycles.ts";
import { type Import, importsOf } from "../../scripts/style/imports.ts";
import type { ParsedSource } from "../../scripts/style/parsed-source.ts";

/** The rooms, lowest first. A room imports only from rooms on lines above its own. */
export const ROOM_LINES: readonly (readonly string[])[] = [
  ["core"],
  ["otlp", "llmwire"],
  ["conventions"],
  ["scorers", "judges", "backends", "datasets", "tasks", "store", "redis", "github"],
  ["pipeline", "render", "replay"],
  ["config"],
  ["receiver", "worker", "server"],
  ["app"],
  ["cli", "action", "testing", "vitest"],
  ["index"],
];

/** The only room that may import each of these. */
const HOMES: { readonly [packageName: string]: string } = {
  bullmq: "redis",
  ioredis: "redis",
  openai: "judges",
  "@anthropic-ai/sdk": "judges",
  "@actions/github": "github",
  "@actions/core": "action",
  "node:sqlite": "store",
  kysely: "store",
  pg: "store",
  "@prometheus-io/client": "server",
  commander: "cli",
};

/** Built-ins that core may use: they compute, they do not reach out. */
const CORE_MAY_USE = new Set(["node:crypto", "node:util", "node:buffer"]);

const OUTSIDE = new Set(["cli", "action"]);

/** Files that are programs: loading them is running them. */
const PROGRAMS = new Set(["src/cli/main.ts", "src/cli/serve-task.ts", "src/action/main.ts"]);

/** The room of a file of `src`; `index` for `src/index.ts`; undefined when it is in none. */
export function roomOf(path: string): string | undefined {
  if (path === "src/index.ts") return "index";
  const room = /^src\/([^/]+)\//.exec(path)?.[1];
  return ROOM_LINES.flat().find((name) => name === room);
}

/** Every breach of the order of rooms, one sentence each: place, rule, remedy. */
export function orderBreaches(source: ParsedSource): string[] {
  const room = roomOf(source.path);
  if (!room) {
    const rooms = ROOM_LINES.flat().join(", ");
    return [`${source.path}:1: is in no room of src (${rooms}). Move it into the room its idea belongs to.`];
  }
  return importsOf(source).flatMap((found) => orderBreach(source.path, room, found) ?? []);
}

function orderBreach(path: string, room: string, found: Import): string | undefined {
  const place = `${path}:${found.line}`;
  if (found.target === undefined) return undefined;
  const target = roomOf(found.target);
  if (!target) {
    return `${place}: imports ${found.specifier}, which is outside the rooms of src. Take it as an argument, or move it into a room.`;
  }
  if (target === room || lineOf(target) < lineOf(room)) return undefined;
  const why =
    lineOf(target) === lineOf(room)
      ? "rooms on one line do not import each other"
      : `${room} is below ${target} in the order`;
  return `${place}: ${room} imports ${found.specifier} (${found.form}), but ${why}. Put the shared part in core, or pass it in from a room below both.`;
}

function lineOf(room: string): number {
  return ROOM_LINES.findIndex((line) => line.includes(room));
}

/** Imports of packages and built-ins that are not this room's to use. `declared`: dependencies of package.json. */
export function packageBreaches(source: ParsedSource, declared: ReadonlySet<string>): string[] {
  const room = roomOf(source.path) ?? "";
  return importsOf(source).flatMap(({ packageName, line }) => {
    if (packageName === undefined) return [];
    const place = `${source.path}:${line}`;
    const home = HOMES[packageName];
    if (home !== undefined && home !== room) {
      return [
        `${place}: ${packageName} is imported only in ${home}/, not in ${room}/. Use the port that ${home}/ implements.`,
      ];
    }
    if (packageName.startsWith("node:")) {
      if (room !== "core" || CORE_MAY_USE.has(packageName)) return [];
      return [
        `${place}: core does no I/O, so it does not import ${packageName}. Define a port in core and implement it in a room below.`,
      ];
    }
    if (room === "core") {
      return [
        `${place}: core imports no package, so not ${packageName}. Define a port in core and implement it in a room below.`,
      ];
    }
    if (declared.has(packageName) || (room === "vitest" && packageName === "vitest")) return [];
    return [
      `${place}: ${packageName} is not in "dependencies" of package.json. Add it there with its reason in src/README.md.`,
    ];
  });
}

/** Printing, exiting and reading the service addresses in rooms that must not. */
export function effectBreaches(source: ParsedSource): string[] {
  const room = roomOf(source.path) ?? "";
  const found: string[] = [];
  const add = (offset: number, rule: string): void => {
    found.push(`${source.path}:${source.lineAt(offset)}: ${rule}`);
  };
  new Visitor({
    MemberExpression: (node) => {
      const object = node.object.type === "Identifier" ? node.object.name : "";
      const property = propertyName(node.property);
      const what = `${object}.${property}`;
      if (object === "console" && !OUTSIDE.has(room)) {
        add(node.start, `only cli/ and action/ print, so no ${what} here. Return a value, or emit an event.`);
      }
      if (/^process\.(exit|exitCode|abort|stdout|stderr)$/.test(what) && !OUTSIDE.has(room)) {
        add(
          node.start,
          `only cli/ and action/ print or exit, so no ${what} here. Return a value, or throw a TracegateError.`,
        );
      }
      if (/^(REDIS_URL|DATABASE_URL)$/.test(property) && room !== "app") {
        add(node.start, `only app/ reads ${property}. Take the address as an option.`);
      }
    },
    ObjectPattern: (node) => {
      for (const property of node.properties) {
        if (property.type !== "Property") continue;
        const name = propertyName(property.key);
        if (/^(REDIS_URL|DATABASE_URL)$/.test(name) && room !== "app") {
          add(property.start, `only app/ reads ${name}. Take the address as an option.`);
        }
      }
    },
  }).visit(source.program);
  return found;
}

/** Statements that do something when a file is imported; files that are programs are left out. */
export function loadBreaches(source: ParsedSource): string[] {
  if (PROGRAMS.has(source.path)) return [];
  return source.program.body.flatMap((statement) => {
    const acts =
      statement.type === "ExpressionStatement" ||
      statement.type === "ForStatement" ||
      statement.type === "ForOfStatement" ||
      statement.type === "IfStatement" ||
      statement.type === "TryStatement" ||
      (statement.type === "ImportDeclaration" && /^import\s*["']/.test(source.text.slice(statement.start)));
    if (!acts) return [];
    return [
      `${source.path}:${source.lineAt(statement.start)}: importing a file has no side effects. Move this into a function.`,
    ];
  });
}

/** One sentence per group of files that import each other in a circle. */
export function cycleBreaches(sources: readonly ParsedSource[]): string[] {
  const graph = new Map(
    sources.map((source) => [source.path, importsOf(source).flatMap((found) => found.target ?? [])]),
  );
  return findCycles(graph).map(
    (files) =>
      `${files[0]}:1: import cycle of ${files.join(", ")} (type imports count). Move what they share into a file of its own.`,
  );
}

/** Differences between the rooms that exist and those with a row in `src/README.md`. */
export function mapBreaches(sources: readonly ParsedSource[], readme: string): string[] {
  const present = new Set(sources.flatMap((source) => roomOf(source.path) ?? []));
  const named = rowsOf(readme, "Rooms");
  const unnamed = [...present].filter((room) => !named.has(room));
  const absent = [...named].filter((room) => !present.has(room));
  return [
    ...unnamed.map(
      (room) => `src/README.md: has no line for ${room}. Add "| \`${room}\` | what it is for |".`,
    ),
    ...absent.map(
      (room) => `src/README.md: names ${room}, which has no file. Remove the line or add the room.`,
    ),
  ];
}

/** Differences between the dependencies of package.json and those that `src/README.md` gives a reason for. */
export function reasonBreaches(declared: ReadonlySet<string>, readme: string): string[] {
  const named = rowsOf(readme, "Dependencies");
  return [
    ...[...declared]
      .filter((name) => !named.has(name))
      .map(
        (name) =>
          `src/README.md: gives no reason for the dependency ${name}. Add a row under "Dependencies".`,
      ),
    ...[...named]
      .filter((name) => !declared.has(name))
      .map((name) => `src/README.md: gives a reason for ${name}, which is no dependency. Remove the row.`),
  ];
}

/** The first cells of the table under a heading of level two. */
function rowsOf(readme: string, heading: string): Set<string> {
  const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  return new Set([...section.matchAll(/^\| `([^`]+)` \|/gm)].flatMap((match) => match[1] ?? []));
}

function propertyName(node: { readonly type: string }): string {
  if ("name" in node && typeof node.name === "string") return node.name;
  return "value" in node && typeof node.value === "string" ? node.value : "";
}
