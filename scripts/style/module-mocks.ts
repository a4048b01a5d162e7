import { Visitor } from "oxc-parser";

import type { Finding } from "./findings.ts";
import type { ParsedSource } from "./parsed-source.ts";

const MOCKING = new Set(["mock", "doMock", "unstable_mockModule", "setMock", "module"]);
const MOCKERS = new Set(["vi", "vitest", "jest", "mock"]);

/** Calls that replace a module: `vi.mock`, `vi.doMock`, `jest.mock` and relatives, `mock.module` of node:test. */
export function moduleMocksOf(source: ParsedSource): Finding[] {
  const found: Finding[] = [];
  new Visitor({
    CallExpression: (node) => {
      const callee = node.callee;
      if (callee.type !== "MemberExpression" || callee.computed) return;
      if (callee.object.type !== "Identifier" || callee.property.type !== "Identifier") return;
      const mocker = callee.object.name;
      const method = callee.property.name;
      const replacesModule = mocker === "mock" ? method === "module" : method !== "module";
      if (!MOCKERS.has(mocker) || !MOCKING.has(method) || !replacesModule) return;
      found.push({ path: source.path, line: source.lineAt(node.start), message: `${mocker}.${method}` });
    },
  }).visit(source.program);
  return found;
}
