import { TracegateError } from "../core/errors.ts";
import { isObject, type JsonValue } from "../core/json.ts";

const INT64_LIMIT = 2n ** 63n;
const UINT64_LIMIT = 2n ** 64n;
const DECIMAL = /^[+-]?\d+$/;
const HEX = /^([0-9a-fA-F]{2})*$/;
/** Characters of a place in the document that a message shows. */
const MAX_PATH = 200;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/**
 * A place in a JSON document that knows its path, so that a wrong value can be named. The readers are
 * as lenient as the senders are careless, and throw `bad-input` for what cannot be meant.
 */
export class JsonCursor {
  private readonly value: JsonValue;
  private readonly parent: JsonCursor | null;
  private readonly key: string | number;

  constructor(value: JsonValue, parent: JsonCursor | null = null, key: string | number = "") {
    this.value = value;
    this.parent = parent;
    this.key = key;
  }

  /** Visits a member of this object under its camelCase or snake_case name; absent and null are skipped. */
  member(name: string, visit: (member: JsonCursor) => void): void {
    if (!isObject(this.value)) this.fail("not an object");
    const value = this.value[name] ?? this.value[snakeCase(name)];
    if (value !== undefined && value !== null) visit(new JsonCursor(value, this, name));
  }

  /** Visits each item of an array member. Null items are skipped unless they are to be kept as `{}`. */
  each(name: string, visit: (item: JsonCursor) => void, nulls?: "keep nulls"): void {
    this.member(name, (array) => {
      const items = Array.isArray(array.value) ? array.value : array.fail("not an array");
      items.forEach((item, index) => {
        if (item !== null) visit(new JsonCursor(item, array, index));
        else if (nulls) visit(new JsonCursor({}, array, index));
      });
    });
  }

  requireObject(): void {
    if (!isObject(this.value)) this.fail("not an object");
  }

  text(): string {
    if (typeof this.value === "string") return this.value;
    if (typeof this.value === "number" || typeof this.value === "boolean") return String(this.value);
    return this.fail("not a text");
  }

  boolean(): boolean {
    if (typeof this.value === "boolean") return this.value;
    if (this.value === "true" || this.value === "false") return this.value === "true";
    return this.fail("not a boolean");
  }

  number(): number {
    if (typeof this.value === "number") return this.value;
    if (typeof this.value === "string" && this.value.trim() !== "") {
      const parsed = Number(this.value);
      if (!Number.isNaN(parsed) || this.value === "NaN") return parsed;
    }
    return this.fail("not a number");
  }

  /** A signed 64-bit integer. */
  integer(): number | bigint {
    if (typeof this.value === "number" && Number.isSafeInteger(this.value)) return this.value;
    const value = this.bigInteger();
    if (value >= INT64_LIMIT || value < -INT64_LIMIT) return this.fail("outside of 64 bits");
    return value;
  }

  /** An unsigned number of 32 bits. */
  count(): number {
    const value = this.bigInteger();
    if (value < 0n || value > 0xffffffffn) return this.fail("outside of 32 bits");
    return Number(value);
  }

  nanoseconds(): bigint {
    const value = this.bigInteger();
    if (value < 0n || value >= UINT64_LIMIT) return this.fail("not a time in Unix nanoseconds");
    return value;
  }

  /** An enum's number, from the number itself, its decimal text, or its name with or without the prefix. */
  enumeration(names: readonly string[], prefix: string): number {
    if (typeof this.value === "string" && !DECIMAL.test(this.value)) {
      const name = this.value.toUpperCase();
      const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      const index = names.indexOf(short.toLowerCase());
      return index >= 0 ? index : this.fail(`not one of ${names.join(", ")}`);
    }
    return this.count();
  }

  /** A trace or span id: hex, or the base64 that generic protobuf libraries write for bytes. */
  id(): Uint8Array {
    const text = this.text();
    if ((text.length === 24 && text.endsWith("==")) || (text.length === 12 && text.endsWith("="))) {
      return this.base64();
    }
    return HEX.test(text) ? Buffer.from(text, "hex") : this.fail("not an id in hex");
  }

  base64(): Uint8Array {
    const text = this.text();
    return BASE64.test(text) ? Buffer.from(text, "base64") : this.fail("not base64");
  }

  fail(what: string): never {
    // Not the JSON of a nested value: it may be nested too deeply to be written out.
    const seen =
      typeof this.value === "object" ? "an array or object" : JSON.stringify(this.value).slice(0, 60);
    throw new TracegateError("bad-input", `Wrong OTLP/JSON: ${this.path()} is ${what} (${seen}).`);
  }

  private bigInteger(): bigint {
    const { value } = this;
    if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
    if (typeof value === "string" && DECIMAL.test(value)) return BigInt(value.replace(/^\+/, ""));
    return this.fail("not an integer");
  }

  private path(): string {
    if (this.parent === null) return "the document";
    const steps: string[] = [];
    for (let place: JsonCursor = this; place.parent !== null; place = place.parent) {
      steps.unshift(typeof place.key === "number" ? `[${place.key}]` : `.${place.key}`);
    }
    const path = steps.join("").replace(/^\./, "");
    // A message is for a person: of a path hundreds of steps long, both ends will do.
    return path.length <= MAX_PATH ? path : `${path.slice(0, MAX_PATH / 2)} … ${path.slice(-MAX_PATH / 2)}`;
  }
}

const snakeNames = new Map<string, string>();

function snakeCase(name: string): string {
  let snake = snakeNames.get(name);
  if (snake === undefined) {
    snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    snakeNames.set(name, snake);
  }
  return snake;
}
