/** Attributes that tell which machine, process or person it was, and what stands in their place. */
export const TELLING: readonly string[] = [
  "host.name",
  "host.id",
  "host.ip",
  "host.mac",
  "host.arch",
  "host.type",
  "os.type",
  "os.version",
  "os.description",
  "process.pid",
  "process.parent_pid",
  "process.owner",
  "process.command",
  "process.command_line",
  "process.command_args",
  "process.executable.name",
  "process.executable.path",
  "process.runtime.description",
  "service.instance.id",
  "thread.id",
  "code.filepath",
  "code.file.path",
];

/** A text of the same length that says nothing: `made-up-made-up-…`. */
export function madeUp(length: number): string {
  return "made-up-".repeat(Math.ceil(length / 8)).slice(0, length);
}

/** Whether a value of a telling attribute is one of ours: the made-up text, or a number of ones. */
export function isMadeUp(value: unknown): boolean {
  if (typeof value === "string") return value === madeUp(value.length);
  return typeof value === "number" && (/^1+$/.test(String(value)) || isAllOnes(value));
}

/** A varint whose every byte holds 1. */
function isAllOnes(value: number): boolean {
  for (let rest = value; rest > 0; rest = Math.floor(rest / 128)) if (rest % 128 !== 1) return false;
  return value > 0;
}

/**
 * A recorded body without what it says of the machine: values of the telling attributes, and `names` (paths, host and user names)
 * wherever they stand. Everything keeps its length, so that protobuf stays protobuf.
 */
export function scrub(body: Uint8Array, format: "pb" | "json", names: readonly string[]): Buffer {
  const scrubbed = Buffer.from(body);
  for (const key of TELLING) {
    if (format === "pb") scrubProtobuf(scrubbed, key);
    else scrubJson(scrubbed, key);
  }
  for (const name of names) replaceAll(scrubbed, name);
  return scrubbed;
}

function replaceAll(body: Buffer, name: string): void {
  if (name.length < 3) return;
  const stand = Buffer.from(standIn(name), "latin1");
  for (let at = body.indexOf(name); at !== -1; at = body.indexOf(name, at + stand.length))
    stand.copy(body, at);
}

/** A path stays a path. */
function standIn(name: string): string {
  const length = Buffer.byteLength(name);
  return name.startsWith("/") ? `/${madeUp(length - 1)}` : madeUp(length);
}

/** `KeyValue{key = 1, value = 2}` in bytes: the key, then field 2 with an `AnyValue` in it. */
function scrubProtobuf(body: Buffer, key: string): void {
  const head = Buffer.concat([Buffer.from([0x0a, key.length]), Buffer.from(key), Buffer.from([0x12])]);
  for (let at = body.indexOf(head); at !== -1; at = body.indexOf(head, at + head.length)) {
    const [length, start] = varint(body, at + head.length);
    scrubAnyValue(body, start, start + length);
  }
}

/** `AnyValue`: string = 1, int = 3, array = 5 of values = 1. */
function scrubAnyValue(body: Buffer, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const tag = body[at] ?? 0;
    at += 1;
    if (tag === 0x18) {
      // An int: every byte keeps its continuation bit and its place.
      for (; ((body[at] ?? 0) & 0x80) !== 0; at += 1) body[at] = 0x81;
      body[at] = 0x01;
      at += 1;
      continue;
    }
    if (tag !== 0x0a && tag !== 0x2a) return;
    const [length, from] = varint(body, at);
    if (tag === 0x2a || looksNested(body, from, from + length)) scrubAnyValue(body, from, from + length);
    else body.write(madeUp(length), from, "latin1");
    at = from + length;
  }
}

/** Whether the bytes are an `AnyValue` of an array and not a text: a tag, and a length that fits. */
function looksNested(body: Buffer, from: number, to: number): boolean {
  if (body[from] !== 0x0a) return false;
  const [length, start] = varint(body, from + 1);
  return start + length === to;
}

function varint(body: Buffer, at: number): [value: number, next: number] {
  let value = 0;
  let shift = 0;
  let next = at;
  for (;;) {
    const byte = body[next] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    next += 1;
    if ((byte & 0x80) === 0) return [value, next];
    shift += 7;
  }
}

/** The strings and numbers in the value after the key; lists too. */
function scrubJson(body: Buffer, key: string): void {
  const text = body.toString("latin1");
  const head = new RegExp(`"key":\\s*"${key.replaceAll(".", "\\.")}",\\s*"value":\\s*`, "g");
  for (const match of text.matchAll(head)) {
    const start = match.index + match[0].length;
    const scrubbed = text
      .slice(start, endOfObject(text, start))
      .replace(/("stringValue":\s*")((?:[^"\\]|\\.)*)(")/g, (_, a, value, b) => a + madeUp(value.length) + b)
      .replace(/("intValue":\s*"?)(\d+)/g, (_, a, value) => a + "1".repeat(value.length));
    body.write(scrubbed, start, "latin1");
  }
}

/** The place after the brace that closes the object at `start`. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  const token = /"(?:[^"\\]|\\.)*"|[{}]/g;
  token.lastIndex = start;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === "{") depth += 1;
    if (match[0] === "}") depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  return text.length;
}
