import type { FieldVerdict } from "./verdict.ts";

/** One client's line. */
export interface Row {
  readonly client: string;
  /** Why there is nothing to compare: it could not be installed or run. */
  readonly reason?: string;
  readonly verdicts: readonly FieldVerdict[];
  readonly installMs: number;
  readonly runMs: number;
}

/** Columns, and the fields of the story in each. */
const COLUMNS: readonly (readonly [title: string, pattern: RegExp])[] = [
  ["arrived", /^arrived$/],
  ["input", /^input$/],
  ["output", /^output$/],
  ["system", /^systemInstructions$/],
  ["messages", /^messages$/],
  ["tool calls", /^toolCalls\./],
  ["tool defs", /^toolDefinitions\./],
  ["model calls", /^llmCalls\./],
  ["tokens", /^usage\./],
  ["who", /^(userId|sessionId|organisationId|agent\..*|feature|tags)$/],
  ["whole", /^(errors|retries|quality\..*)$/],
];

/** The table of clients and fields, and below it every field that is wrong. */
export function renderTable(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ client }) => client.length));
  const head = [
    "client".padEnd(width),
    ...COLUMNS.map(([title]) => title.padEnd(cellWidth(title))),
    "install s",
    "run s",
  ].join("  ");
  const lines = rows.map((row) => renderRow(row, width));
  return [head, ...lines, "", ...rows.flatMap(explain), summary(rows)].join("\n");
}

function cellWidth(title: string): number {
  return Math.max(title.length, 9);
}

function renderRow({ client, reason, verdicts, installMs, runMs }: Row, width: number): string {
  const name = client.padEnd(width);
  if (reason !== undefined) return `${name}  not run: ${reason}`;
  const cells = COLUMNS.map(([title, pattern]) =>
    cell(verdicts.filter(({ field }) => pattern.test(field))).padEnd(cellWidth(title)),
  );
  const times = [installMs, runMs].map((ms) => (ms / 1000).toFixed(1));
  return [name, ...cells, times[0]?.padStart(9), times[1]?.padStart(5)].join("  ");
}

function cell(verdicts: readonly FieldVerdict[]): string {
  const wrong = verdicts.filter(({ verdict }) => verdict === "wrong").length;
  const gaps = verdicts.filter(({ verdict }) => verdict === "gap").length;
  if (wrong > 0) return `WRONG ${wrong}/${verdicts.length}`;
  return gaps > 0 ? `gap ${gaps}/${verdicts.length}` : "ok";
}

function explain({ client, verdicts }: Row): string[] {
  return verdicts.flatMap(({ field, verdict, read, expected }) =>
    verdict === "wrong"
      ? [`wrong  ${client}  ${field}: read ${short(read)}, expected ${short(expected)}`]
      : [],
  );
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function summary(rows: readonly Row[]): string {
  const ran = rows.filter(({ reason }) => reason === undefined);
  const wrong = ran.filter(({ verdicts }) => verdicts.some(({ verdict }) => verdict === "wrong"));
  return `${rows.length} clients: ${ran.length - wrong.length} tell the story, ${wrong.length} read wrong, ${rows.length - ran.length} not run`;
}
