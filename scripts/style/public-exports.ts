import { posix } from "node:path";
import type { Statement } from "oxc-parser";

import type { Finding } from "./findings.ts";
import type { ParsedSource } from "./parsed-source.ts";

/** How much of the public API is documented. */
export interface PublicExports {
  readonly total: number;
  /** Exported declarations without a doc comment, where they are declared. */
  readonly undocumented: readonly Finding[];
}

type Files = ReadonlyMap<string, ParsedSource>;

/**
 * Follows every name that the entry files export, through re-exports, to its declaration, and asks for a doc comment
 * directly above it. A name that leads out of `files` (to a package) is not ours to document.
 */
export function publicExportsOf(entries: readonly string[], files: Files): PublicExports {
  const declarations = new Map<string, Finding | null>();
  const seen = new Set<string>();
  // Of several declarations of one name (overloads, a type beside a value) one comment is enough.
  const note = (key: string, finding: Finding | null): void => {
    if (declarations.get(key) !== null) declarations.set(key, finding);
  };
  const follow = (path: string, wanted: string | "*"): void => {
    const key = `${path}#${wanted}`;
    const source = files.get(path);
    if (seen.has(key) || !source) return;
    seen.add(key);
    for (const step of stepsOf(source, wanted)) {
      if (step.to === "file") follow(step.path, step.name);
      else note(`${path}#${step.name}`, step.documented ? null : step.finding);
    }
  };
  for (const entry of entries) follow(entry, "*");
  const undocumented = [...declarations.values()].filter((finding) => finding !== null);
  return { total: declarations.size, undocumented };
}

/** The source files behind `exports` of package.json: `./dist/x.js` is built from `src/x.ts`. */
export function publicEntries(packageJson: { readonly exports?: unknown }): string[] {
  const found = new Set<string>();
  const read = (value: unknown): void => {
    if (typeof value === "string") {
      const match = /^\.\/dist\/(.+)\.js$/.exec(value);
      if (match) found.add(`src/${match[1]}.ts`);
    } else if (typeof value === "object" && value !== null) {
      for (const inner of Object.values(value)) read(inner);
    }
  };
  read(packageJson.exports);
  return [...found].sort();
}

type Step =
  | { readonly to: "file"; readonly path: string; readonly name: string }
  | { readonly to: "here"; readonly name: string; readonly documented: boolean; readonly finding: Finding };

/** Where the exports of one file lead: to another file, or to a declaration in this one. */
function stepsOf(source: ParsedSource, wanted: string): Step[] {
  const imported = importedNames(source);
  const steps: Step[] = [];
  for (const statement of source.program.body) {
    if (statement.type === "ExportAllDeclaration") {
      steps.push({ to: "file", path: sibling(source.path, statement.source.value), name: wanted });
    }
    if (statement.type !== "ExportNamedDeclaration") continue;
    for (const name of statement.declaration ? namesOf(statement.declaration) : []) {
      if (wanted === "*" || wanted === name) steps.push(here(source, name, statement));
    }
    for (const specifier of statement.specifiers) {
      const exported = nameText(specifier.exported);
      if (wanted !== "*" && wanted !== exported) continue;
      const local = nameText(specifier.local);
      const elsewhere = statement.source
        ? { path: sibling(source.path, statement.source.value), name: local }
        : imported.get(local);
      const declared = elsewhere ? undefined : declarationOf(source, local);
      if (elsewhere) steps.push({ to: "file", ...elsewhere });
      else if (declared) steps.push(here(source, local, declared));
    }
  }
  return steps;
}

function here(source: ParsedSource, name: string, statement: Statement): Step {
  const finding = {
    path: source.path,
    line: source.lineAt(statement.start),
    message: `${name} has no doc comment`,
  };
  return { to: "here", name, documented: hasDocComment(source, statement.start), finding };
}

function hasDocComment(source: ParsedSource, start: number): boolean {
  return source.comments.some(
    (comment) =>
      comment.type === "Block" &&
      comment.value.startsWith("*") &&
      comment.value.replace(/[\s*]/g, "") !== "" &&
      comment.end <= start &&
      source.text.slice(comment.end, start).trim() === "",
  );
}

function declarationOf(source: ParsedSource, name: string): Statement | undefined {
  return source.program.body.find((statement) => namesOf(statement).includes(name));
}

function namesOf(statement: { readonly type: string }): string[] {
  if ("declarations" in statement && Array.isArray(statement.declarations)) {
    return statement.declarations.flatMap((declarator) =>
      declarator.id?.type === "Identifier" ? [String(declarator.id.name)] : [],
    );
  }
  if (!("id" in statement) || typeof statement.id !== "object" || statement.id === null) return [];
  return "name" in statement.id ? [String(statement.id.name)] : [];
}

function importedNames(source: ParsedSource): Map<string, { readonly path: string; readonly name: string }> {
  const names = new Map<string, { readonly path: string; readonly name: string }>();
  for (const statement of source.program.body) {
    if (statement.type !== "ImportDeclaration") continue;
    for (const specifier of statement.specifiers) {
      const name = specifier.type === "ImportSpecifier" ? nameText(specifier.imported) : "*";
      names.set(specifier.local.name, { path: sibling(source.path, statement.source.value), name });
    }
  }
  return names;
}

function nameText(name: { readonly name: string } | { readonly value: string }): string {
  return "name" in name ? name.name : name.value;
}

function sibling(from: string, specifier: string): string {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier;
}
