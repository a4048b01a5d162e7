import type { Message } from "../../core/message.ts";
import type { LongText } from "../../otlp/long-text.ts";
import type { DraftMessage } from "./shape.ts";

/** Lists that are kept: instructions and histories of about as many agents as talk in turns. */
const MAX_RECENT = 8;

const COMMA = 0x2c;
const CLOSING_BRACKET = 0x5d;

/** A list that was read from a long text. */
export interface RecentList {
  readonly text: LongText;
  /** Bytes before the bracket that closes the list; 0 when the text is no list. */
  readonly bodySize: number;
  readonly drafts: readonly DraftMessage[];
  readonly defaultRole: string;
  readonly messages: readonly Message[];
}

/** The lists read last. They are compared as bytes, so that a history sent again costs no decoding. */
export class RecentLists {
  private lists: readonly RecentList[] = [];

  /** The list that was read from an equal text. */
  equalTo(text: LongText): RecentList | undefined {
    return this.lists.find((list) => list.text.equals(text));
  }

  /** The list that a text goes on with: the same text up to the closing bracket, and then a comma. */
  begunIn(text: LongText): RecentList | undefined {
    return this.lists.find(
      ({ text: earlier, bodySize }) =>
        bodySize > 0 &&
        text.byteAt(skipSpace(text, bodySize)) === COMMA &&
        text.startsWith(earlier, bodySize),
    );
  }

  /** Puts a list in front. A longer history takes the place of the one it goes on with. */
  add(list: RecentList, replaced: RecentList | undefined): void {
    const others = this.lists.filter((other) => other !== replaced);
    this.lists = [list, ...others].slice(0, MAX_RECENT);
  }
}

/** Bytes of a list's text before its closing bracket and the white space there. */
export function bodySizeOf(text: LongText): number {
  const bracket = endOfText(text, text.size) - 1;
  return text.byteAt(bracket) === CLOSING_BRACKET ? endOfText(text, bracket) : 0;
}

/** The offset behind the last byte before `end` that is no white space. */
function endOfText(text: LongText, end: number): number {
  let index = end;
  while (index > 0 && (text.byteAt(index - 1) ?? 0) <= 0x20) index -= 1;
  return index;
}

function skipSpace(text: LongText, from: number): number {
  let index = from;
  while ((text.byteAt(index) ?? COMMA) <= 0x20) index += 1;
  return index;
}
