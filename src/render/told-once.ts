import { MessageKeys } from "../conventions/derive/message-key.ts";
import type { Message } from "../core/message.ts";
import type { LlmCall } from "../core/trace.ts";

/** A message that is new with a call, or a run of such that stood in calls before it. */
export type ToldMessage =
  | { readonly message: Message }
  | { readonly earlier: number /** The call where the last of them was new. */; readonly spanId: string };

/**
 * What each call's input says that no call before it said, by span id. Agents send the whole history with every
 * call, so a long run says everything a hundred times. A message said twice on purpose is new twice.
 */
export function toldOnce(calls: readonly LlmCall[]): ReadonlyMap<string, readonly ToldMessage[]> {
  const keys = new MessageKeys<object>(() => ({}));
  /** Where each message was told, by key: the first time, the second time, ... */
  const told = new Map<object, string[]>();
  const inputs = new Map<string, readonly ToldMessage[]>();
  for (const call of calls) {
    const met = new Map<object, number>();
    const tell = (message: Message): string | null => {
      const { loose: key, isEmpty } = keys.of(message);
      if (isEmpty) return null;
      const time = met.get(key) ?? 0;
      met.set(key, time + 1);
      const places = told.get(key);
      const place = places?.[time];
      if (place !== undefined) return place;
      if (places) places.push(call.spanId);
      else told.set(key, [call.spanId]);
      return null;
    };
    inputs.set(call.spanId, fold(call.input ?? [], tell));
    for (const message of call.output ?? []) tell(message);
  }
  return inputs;
}

function fold(
  messages: readonly Message[],
  tell: (message: Message) => string | null,
): readonly ToldMessage[] {
  const folded: ToldMessage[] = [];
  for (const message of messages) {
    const spanId = tell(message);
    const last = folded.at(-1);
    if (spanId === null) folded.push({ message });
    else if (last && "earlier" in last) folded[folded.length - 1] = { earlier: last.earlier + 1, spanId };
    else folded.push({ earlier: 1, spanId });
  }
  return folded;
}
