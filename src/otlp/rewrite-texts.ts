import { MAX_VALUE_DEPTH } from "./any-value.ts";
import { asBuffer, badBytes, WireReader, wireTypes } from "./wire-reader.ts";
import { WireWriter } from "./wire-writer.ts";

/** Which fields of a message are texts, and which are messages with texts in them. */
interface Shape {
  readonly texts?: readonly number[];
  readonly messages?: { readonly [field: number]: Shape };
  /** The field with the key under which the texts of the message stand. */
  readonly key?: number;
}

// OTLP trace proto: names, attributes, events, links and the status message. Ids, keys and trace state are left alone.
const VALUE: Shape = {
  texts: [1],
  messages: {
    get 5() {
      return ARRAY;
    },
    get 6() {
      return MAP;
    },
  },
};
const PAIR: Shape = { key: 1, messages: { 2: VALUE } };
const ARRAY: Shape = { messages: { 1: VALUE } };
const MAP: Shape = { messages: { 1: PAIR } };
const EVENT: Shape = { texts: [2], messages: { 3: PAIR } };
const LINK: Shape = { messages: { 4: PAIR } };
const STATUS: Shape = { texts: [2] };
const SPAN: Shape = { texts: [5], messages: { 9: PAIR, 11: EVENT, 13: LINK, 15: STATUS } };
const SCOPE_SPANS: Shape = { messages: { 1: { messages: { 3: PAIR } }, 2: SPAN } };
const TRACES_DATA: Shape = {
  messages: { 1: { messages: { 1: { messages: { 1: PAIR } }, 2: SCOPE_SPANS } } },
};

/** A text that is another one now. */
interface Change {
  /** Where the value of its field begins. */
  readonly at: number;
  readonly text: string;
}

/**
 * OTLP `TracesData` with its texts rewritten: names of spans and events, values of attributes in any depth, messages of
 * statuses. Everything else stays byte for byte, unknown fields too. The same bytes when no text is another one.
 *
 * @param rewrite gets a text and the innermost key it stands under, empty for names and statuses
 * @throws TracegateError `bad-input` for bytes that are not `TracesData`.
 */
export function rewriteTexts(bytes: Uint8Array, rewrite: (text: string, key: string) => string): Uint8Array {
  const buffer = asBuffer(bytes);
  const changes: Change[] = [];
  collect(new WireReader(buffer), TRACES_DATA, "", 0, { changes, rewrite });
  if (changes.length === 0) return bytes;
  const writer = new WireWriter(bytes.length + 1024);
  write(new WireReader(buffer), TRACES_DATA, changes, { at: 0 }, writer);
  return writer.finish();
}

/** Messages around an attribute's value, and two for each level of nesting in it. */
const MAX_DEPTH = 8 + 2 * MAX_VALUE_DEPTH;

interface Collecting {
  readonly changes: Change[];
  rewrite(text: string, key: string): string;
}

function collect(reader: WireReader, shape: Shape, outerKey: string, depth: number, into: Collecting): void {
  if (depth > MAX_DEPTH) throw badBytes("an attribute value nested too deep", reader.position);
  let key = outerKey;
  while (reader.next()) {
    const { field, wireType, valueStart, valueEnd } = reader;
    if (wireType !== wireTypes.lengthDelimited || valueStart === valueEnd) continue;
    if (field === shape.key) key = reader.text();
    else if (shape.texts?.includes(field)) {
      const text = reader.text();
      const rewritten = into.rewrite(text, key);
      if (rewritten !== text) into.changes.push({ at: valueStart, text: rewritten });
    } else {
      const inner = shape.messages?.[field];
      if (inner !== undefined) collect(reader.nested(), inner, key, depth + 1, into);
    }
  }
}

/** Copies a message with the changes in it. They lie in the order of the bytes, and `cursor` is behind those that are written. */
function write(
  reader: WireReader,
  shape: Shape,
  changes: readonly Change[],
  cursor: { at: number },
  writer: WireWriter,
): void {
  while (reader.next()) {
    const { field, fieldStart, valueStart, valueEnd } = reader;
    const change = changes[cursor.at];
    if (change === undefined || change.at >= valueEnd) writer.raw(reader.bytes, fieldStart, valueEnd);
    else if (change.at === valueStart && shape.texts?.includes(field)) {
      writer.string(field, change.text);
      cursor.at += 1;
    } else {
      const inner = shape.messages?.[field] ?? {};
      writer.message(field, () => write(reader.nested(), inner, changes, cursor, writer));
    }
  }
}
