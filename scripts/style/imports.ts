import { posix } from "node:path";
import { Visitor } from "oxc-parser";

import type { ParsedSource } from "./parsed-source.ts";

/** One import of a file, in whatever form it is written. */
export interface Import {
  /** `computed` is an `import()` whose argument is not a plain string. */
  readonly form: "static" | "re-export" | "dynamic" | "type" | "computed";
  /** As written; empty for a computed one. */
  readonly specifier: string;
  /** The imported file relative to the project root; absent for packages and built-ins. */
  readonly target?: string;
  /** The package or `node:` built-in; absent for relative imports. */
  readonly packageName?: string;
  readonly line: number;
}

/** Every import statement of a file: static, re-exported, type-only, `import("...")` as value and as type. */
export function importsOf(source: ParsedSource): Import[] {
  const found: Import[] = [];
  const add = (form: Import["form"], specifier: string, offset: number): void => {
    found.push({ form, specifier, line: source.lineAt(offset), ...resolve(source.path, specifier) });
  };
  new Visitor({
    ImportDeclaration: (node) =>
      add(node.importKind === "type" ? "type" : "static", node.source.value, node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source) add("re-export", node.source.value, node.start);
    },
    ExportAllDeclaration: (node) => add("re-export", node.source.value, node.start),
    TSImportType: (node) => add("type", node.source.value, node.start),
    ImportExpression: (node) => {
      if (node.source.type === "Literal" && typeof node.source.value === "string") {
        add("dynamic", node.source.value, node.start);
      } else {
        add("computed", "", node.start);
      }
    },
  }).visit(source.program);
  return found;
}

function resolve(from: string, specifier: string): Pick<Import, "target" | "packageName"> {
  if (specifier === "") return {};
  if (specifier.startsWith(".")) return { target: posix.join(posix.dirname(from), specifier) };
  if (specifier.startsWith("node:")) return { packageName: specifier };
  const parts = specifier.split("/");
  return { packageName: parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/") };
}
