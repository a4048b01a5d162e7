import { Visitor } from "oxc-parser";

import type { ParsedSource } from "./parsed-source.ts";

/** Something at a place. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** What the syntax tree and the comments of one file show. */
export interface FileFindings {
  readonly anys: readonly Finding[];
  /** Comments that switch the type checker off. */
  readonly checkerSwitches: readonly Finding[];
  /** `x as T` and `<T>x`, without `as const`. */
  readonly casts: readonly Finding[];
  readonly nonNullAssertions: readonly Finding[];
  readonly defaultExports: readonly Finding[];
  readonly consoleCalls: readonly Finding[];
  readonly todos: readonly Finding[];
  /** Every function with a body in braces; nested ones count inside the outer one too. */
  readonly functions: readonly (Finding & { readonly lines: number })[];
}

/** Reads the measures of one file that need its syntax tree. */
export function findingsOf(source: ParsedSource): FileFindings {
  const at = (offset: number, message: string): Finding => ({
    path: source.path,
    line: source.lineAt(offset),
    message,
  });
  const anys: Finding[] = [];
  const casts: Finding[] = [];
  const nonNullAssertions: Finding[] = [];
  const defaultExports: Finding[] = [];
  const consoleCalls: Finding[] = [];
  const functions: (Finding & { readonly lines: number })[] = [];
  const addFunction = (name: string, body: { readonly start: number; readonly end: number }): void => {
    const lines = source.lineAt(body.end - 1) - source.lineAt(body.start) + 1;
    functions.push({ ...at(body.start, `${name} has ${lines} lines`), lines });
  };
  new Visitor({
    TSAnyKeyword: (node) => anys.push(at(node.start, "any")),
    TSAsExpression: (node) => {
      const text = source.text.slice(node.typeAnnotation.start, node.typeAnnotation.end);
      if (text !== "const") casts.push(at(node.start, `as ${text}`));
    },
    TSTypeAssertion: (node) => casts.push(at(node.start, "<T>x")),
    TSNonNullExpression: (node) => nonNullAssertions.push(at(node.start, "x!")),
    ExportDefaultDeclaration: (node) => defaultExports.push(at(node.start, "default export")),
    MemberExpression: (node) => {
      if (node.object.type === "Identifier" && node.object.name === "console") {
        consoleCalls.push(at(node.start, "console"));
      }
    },
    FunctionDeclaration: (node) => node.body && addFunction(node.id?.name ?? "function", node.body),
    FunctionExpression: (node) => node.body && addFunction(node.id?.name ?? "function", node.body),
    ArrowFunctionExpression: (node) => {
      if (!node.expression) addFunction("arrow function", node.body);
    },
  }).visit(source.program);
  return {
    anys,
    casts,
    nonNullAssertions,
    defaultExports,
    consoleCalls,
    functions,
    checkerSwitches: commentsLike(source, /@ts-(ignore|expect-error|nocheck)/),
    todos: commentsLike(source, /\b(TODO|FIXME|XXX|HACK)\b/),
  };
}

function commentsLike(source: ParsedSource, pattern: RegExp): Finding[] {
  return source.comments.flatMap((comment) => {
    const match = pattern.exec(comment.value);
    return match ? [{ path: source.path, line: source.lineAt(comment.start), message: match[0] }] : [];
  });
}
