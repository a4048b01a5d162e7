import { endOfJsonString } from "../core/json-strings.ts";

/** One top-level JSON text of a stream. */
export interface JsonPiece {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly text: string;
  /** Why it cannot be JSON, when that is already known; else null. */
  readonly broken: string | null;
}

const NEWLINE = 0x0a;
const FRESH_REQUEST = /^\{\s*"resource_?(spans|logs)"/i;

/**
 * Splits a stream of JSON texts, one per line or pretty-printed over many lines, and recovers after a
 * broken one: a text that is unfinished at the end of its line goes on only while that can still lead to
 * valid JSON, and a line that begins a new request ends it.
 */
export async function* splitJson(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<JsonPiece> {
  let open: OpenText | null = null;
  let number = 0;
  for await (const line of linesOf(stream, limit)) {
    number += 1;
    if (line === null) {
      yield {
        line: number,
        text: "",
        broken: `Longer than ${limit} bytes. Split it into one request per line.`,
      };
      open = null;
      continue;
    }
    if (open !== null && FRESH_REQUEST.test(line)) {
      yield open.broken("It breaks off");
      open = null;
    }
    if (open === null && line.trim() === "") continue;
    open ??= new OpenText(number);
    const state = open.add(line);
    if (state === "open" && open.size <= limit) continue;
    yield state === "open" ? open.broken(`Longer than ${limit} bytes`) : open.piece();
    open = null;
  }
  if (open !== null) yield open.broken("It breaks off");
}

/** A JSON text that is growing line by line. */
class OpenText {
  size = 0;
  private readonly line: number;
  private readonly lines: string[] = [];
  private depth = 0;

  constructor(line: number) {
    this.line = line;
  }

  /** `open` while braces are open; `closed` when it ended, or cannot become JSON any more. */
  add(line: string): "open" | "closed" {
    this.lines.push(line);
    this.size += line.length + 1;
    const depth = depthAfter(line, this.depth);
    if (depth === null || depth <= 0) return "closed";
    this.depth = depth;
    return "open";
  }

  piece(): JsonPiece {
    return { line: this.line, text: this.lines.join("\n"), broken: null };
  }

  broken(what: string): JsonPiece {
    return { line: this.line, text: "", broken: `Not JSON: ${what}. Write one whole request per line.` };
  }
}

/** Depth of brackets after a line; null when the line ends inside a string, which JSON does not allow. */
function depthAfter(line: string, before: number): number | null {
  let depth = before;
  for (let index = 0; index < line.length; index++) {
    const code = line.charCodeAt(index);
    if (code === 0x22) {
      index = endOfJsonString(line, index + 1);
      if (index < 0) return null;
    } else if (code === 0x7b || code === 0x5b) depth += 1;
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return depth;
}

/** Lines without their line break; null for a line beyond the limit, whose bytes are thrown away. */
async function* linesOf(stream: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<string | null> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const take = (): string | null => {
    const line = size > limit ? null : Buffer.concat(parts).toString("utf8");
    parts = [];
    size = 0;
    return line === null ? null : line.replace(/^\ufeff/, "").replace(/\r$/, "");
  };
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      parts.push(chunk.subarray(start, end));
      size += end - start;
      yield take();
      start = end + 1;
    }
    size += chunk.length - start;
    if (size > limit) parts = [];
    else if (start < chunk.length) parts.push(chunk.subarray(start));
  }
  if (size > 0) yield take();
}
