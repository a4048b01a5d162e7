import { type Attribute, readAttribute } from "./read-attributes.ts";
import { RepeatedBytes } from "./repeated-bytes.ts";
import { WireReader } from "./wire-reader.ts";

/** Names of attributes and spans are at most this long, in bytes, or they are not looked up. */
const MAX_NAME = 64;

/** Attributes that repeat are short: operations, models, agents. */
const MAX_ATTRIBUTE = 128;

/** What the spans of one body share while they are decoded. */
export interface SharedValues {
  readonly names: RepeatedBytes<string>;
  readonly ids: RepeatedBytes<string>;
  readonly attributes: RepeatedBytes<Attribute>;
}

/** Nothing is decoded yet. */
export function shareValues(bytes: Buffer): SharedValues {
  const names = new RepeatedBytes(bytes, MAX_NAME, (start, end) => bytes.toString("utf8", start, end));
  const ids = new RepeatedBytes(bytes, MAX_NAME, (start, end) => bytes.toString("hex", start, end));
  const pair = new WireReader(bytes);
  const value = new WireReader(bytes);
  const attributes = new RepeatedBytes(bytes, MAX_ATTRIBUTE, (start, end) => {
    pair.goTo(start, end);
    return readAttribute(pair, value, names);
  });
  return { names, ids, attributes };
}
