import type { GateReport } from "../core/verdict.ts";

/**
 * The reasons of a verdict with each agent's crash told by its error and place, where they quote its whole stack in one line. The fault itself
 * has all of it.
 */
export function briefReasons({ verdict, run, control }: GateReport): readonly string[] {
  const messages = [...run.results, ...(control?.results ?? [])].flatMap(({ fault }) => fault?.message ?? []);
  const faults = [...new Set(messages)].flatMap((message) => {
    const brief = briefFault(message);
    return brief === null ? [] : [{ quoted: quotedIn(message), brief }];
  });
  // A message that begins as another one does must not be taken for it.
  const longestFirst = faults.toSorted((a, b) => b.quoted.length - a.quoted.length);
  return verdict.reasons.map((reason) => {
    const fault = longestFirst.find(({ quoted }) => reason.includes(quoted));
    return fault ? reason.replace(fault.quoted, () => fault.brief) : reason;
  });
}

/** Characters of a fault that a reason quotes; the last one is an ellipsis where it has more. */
const QUOTED = 600;

function quotedIn(message: string): string {
  const line = inOneLine(message);
  return line.length <= QUOTED ? line : `${line.slice(0, QUOTED - 1)}…`;
}

function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
}

const TRIED_TWICE = "(Tried twice.)";
const OUTPUT = / Its last (error )?output:$/;

/** What failed, the first line of the error and its place; null where the message has no stack of Node or Python in it. */
export function briefFault(message: string): string | null {
  const lines = message.split("\n").filter((line) => line.trim() !== "");
  const [head = "", ...rest] = lines;
  const error = OUTPUT.test(head) ? (errorOfPython(rest) ?? errorOfNode(rest)) : errorOfNode(rest, "");
  if (error === null) return null;
  const end = lines.at(-1) === TRIED_TWICE ? [TRIED_TWICE] : [];
  return inOneLine([head.replace(OUTPUT, ""), error, ...end].join(" "));
}

const FRAME = /^\s+at .+/;
const NOT_THE_AGENT = /node:|[\\/]node_modules[\\/]/;

/** @param known the error's first line, where it is told already */
function errorOfNode(lines: readonly string[], known?: string): string | null {
  const first = lines.findIndex((line) => FRAME.test(line));
  if (first === -1) return null;
  const before = lines.slice(0, first);
  const error =
    known ?? before.find((line) => /^[\w$.]*(Error|Exception)\b/.test(line)) ?? before.at(-1) ?? "";
  const frames = lines.filter((line) => FRAME.test(line));
  const place = frames.find((line) => !NOT_THE_AGENT.test(line)) ?? frames[0] ?? "";
  return `${error} ${place.trim()}`;
}

function errorOfPython(lines: readonly string[]): string | null {
  const last = lines.findLastIndex((line) => /^\s+File ".+", line \d+/.test(line));
  const error = lines.slice(last + 1).find((line) => /^\S/.test(line) && line !== TRIED_TWICE);
  if (last === -1 || error === undefined) return null;
  return `${error} at ${lines[last]?.trim().replace(/^File "(.+)", line (\d+)/, "$1:$2")}`;
}
