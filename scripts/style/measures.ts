import { readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { commentLinesOf } from "./comment-lines.ts";
import { findCycles } from "./cycles.ts";
import { type FileFindings, type Finding, findingsOf } from "./findings.ts";
import { importsOf } from "./imports.ts";
import { moduleMocksOf } from "./module-mocks.ts";
import { type ParsedSource, parseFolder } from "./parsed-source.ts";
import { publicEntries, publicExportsOf } from "./public-exports.ts";

/** Lines a file of `src` may have. */
export const MAX_FILE_LINES = 400;

/** Lines the body of a function of `src` may have. */
export const MAX_FUNCTION_LINES = 60;

/** One row of the yardstick. */
export interface Measure {
  readonly name: string;
  /** As printed, e.g. `63 / 180 / 320`. */
  readonly value: string;
  /** What we hold ourselves to, as printed. */
  readonly limit: string;
  /** A hard line: one violation fails the run. The others are aims. */
  readonly hard: boolean;
  readonly violations: readonly Finding[];
  /** For an aim: whether the figure is inside it. */
  readonly met: boolean;
}

/** Measures `src` and `test` below `root` against the yardstick. */
export function measure(root: string): Measure[] {
  const sources = parseFolder(root, "src");
  const tests = parseFolder(root, "test");
  const findings = sources.map(findingsOf);
  return [
    ...sizeMeasures(sources, findings),
    ...typeMeasures(sources, findings),
    cycleMeasure(sources),
    docMeasure(root, sources),
    commentMeasure(sources),
    ...testMeasures(sources, tests),
    ...habitMeasures(sources, findings),
    parseMeasure([...sources, ...tests]),
  ];
}

function sizeMeasures(sources: readonly ParsedSource[], findings: readonly FileFindings[]): Measure[] {
  const lines = sources.map((source) => source.lines).sort((a, b) => a - b);
  const [median, p90, max] = [quantile(lines, 0.5), quantile(lines, 0.9), lines.at(-1) ?? 0];
  const long = sources
    .filter((source) => source.lines > MAX_FILE_LINES)
    .map((source) => ({ path: source.path, line: MAX_FILE_LINES + 1, message: `${source.lines} lines` }));
  const functions = findings.flatMap((file) => file.functions);
  const tooLong = functions.filter((found) => found.lines > MAX_FUNCTION_LINES);
  return [
    aim("lines per file, median / p90", `${median} / ${p90}`, "≤ 80 / ≤ 220", median <= 80 && p90 <= 220),
    hard("lines of the longest file", String(max), `≤ ${MAX_FILE_LINES}`, long),
    hard(
      `functions over ${MAX_FUNCTION_LINES} lines`,
      `${tooLong.length} of ${functions.length}`,
      "0",
      tooLong,
    ),
  ];
}

function typeMeasures(sources: readonly ParsedSource[], findings: readonly FileFindings[]): Measure[] {
  const anys = findings.flatMap((file) => file.anys);
  const switches = findings.flatMap((file) => file.checkerSwitches);
  const casts = findings.flatMap((file) => file.casts);
  const assertions = findings.flatMap((file) => file.nonNullAssertions);
  const perThousand =
    (casts.length * 1000) /
    Math.max(
      1,
      total(sources, (source) => source.lines),
    );
  return [
    hard("any", String(anys.length), "0", anys),
    hard("@ts-ignore and the like", String(switches.length), "0", switches),
    aim(
      "casts per 1000 lines",
      `${perThousand.toFixed(1)} (${casts.length})`,
      "≤ 2",
      perThousand <= 2,
      casts,
    ),
    aim("non-null assertions", String(assertions.length), "0", assertions.length === 0, assertions),
  ];
}

function cycleMeasure(sources: readonly ParsedSource[]): Measure {
  const graph = new Map<string, string[]>();
  for (const source of sources) {
    graph.set(
      source.path,
      importsOf(source).flatMap((found) => found.target ?? []),
    );
  }
  const violations = findCycles(graph).map((files) => ({
    path: files[0] ?? "",
    line: 1,
    message: `import cycle of ${files.join(", ")}`,
  }));
  return hard("files in an import cycle (types count)", String(violations.length), "0", violations);
}

function docMeasure(root: string, sources: readonly ParsedSource[]): Measure {
  const files = new Map(sources.map((source) => [source.path, source]));
  const entries = publicEntries(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const exported = publicExportsOf(entries, files);
  const missing = entries
    .filter((entry) => !files.has(entry))
    .map((entry) => ({ path: entry, line: 1, message: "named in package.json exports, but not there" }));
  const documented = exported.total - exported.undocumented.length;
  return hard("public exports with a doc comment", `${documented} of ${exported.total}`, "all", [
    ...missing,
    ...exported.undocumented,
  ]);
}

function commentMeasure(sources: readonly ParsedSource[]): Measure {
  const counts = sources.map(commentLinesOf);
  const nonBlank = Math.max(
    1,
    total(counts, (count) => count.nonBlank),
  );
  const share = (lines: number): string => `${((lines * 100) / nonBlank).toFixed(1)} %`;
  const other = total(counts, (count) => count.other);
  const doc = total(counts, (count) => count.doc);
  return aim(
    "comment density (doc comments beside)",
    `${share(other)} (${share(doc)})`,
    "≤ 20 %",
    other * 5 <= nonBlank,
  );
}

function testMeasures(sources: readonly ParsedSource[], tests: readonly ParsedSource[]): Measure[] {
  const mocks = tests.flatMap(moduleMocksOf);
  const testLines = total(tests, (source) => source.lines);
  const ratio =
    testLines /
    Math.max(
      1,
      total(sources, (source) => source.lines),
    );
  return [
    hard("module mocks in tests", String(mocks.length), "0", mocks),
    aim("lines of test per line of source", ratio.toFixed(2), "1.2 to 2.0", ratio >= 1.2 && ratio <= 2),
  ];
}

function habitMeasures(sources: readonly ParsedSource[], findings: readonly FileFindings[]): Measure[] {
  const misnamed = sources
    .filter((source) => !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(basename(source.path)))
    .map((source) => ({ path: source.path, line: 1, message: "file name is not kebab-case" }));
  const defaults = findings.flatMap((file) => file.defaultExports);
  const todos = findings.flatMap((file) => file.todos);
  const printing = findings
    .flatMap((file) => file.consoleCalls)
    .filter((found) => !/^src\/(cli|action)\//.test(found.path));
  return [
    counted("file names that are not kebab-case", misnamed),
    counted("default exports", defaults),
    counted("TODO and FIXME", todos),
    counted("console outside cli and action", printing),
  ];
}

function parseMeasure(sources: readonly ParsedSource[]): Measure {
  const faults = sources.flatMap((source) =>
    source.faults.map((message) => ({ path: source.path, line: 1, message: `does not parse: ${message}` })),
  );
  return hard("syntax errors", String(faults.length), "0", faults);
}

function hard(name: string, value: string, limit: string, violations: readonly Finding[]): Measure {
  return { name, value, limit, hard: true, violations, met: violations.length === 0 };
}

function aim(
  name: string,
  value: string,
  limit: string,
  met: boolean,
  violations: readonly Finding[] = [],
): Measure {
  return { name, value, limit, hard: false, violations, met };
}

function counted(name: string, violations: readonly Finding[]): Measure {
  return aim(name, String(violations.length), "0", violations.length === 0, violations);
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function total<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
