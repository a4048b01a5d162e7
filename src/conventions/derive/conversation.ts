import type { Message } from "../../core/message.ts";
import { isSystem } from "./llm-calls.ts";
import { type MessageKey, MessageKeys } from "./message-key.ts";

/** One call of a model as the conversation needs it; the calls come in start order. */
export interface Exchange {
  readonly spanId: string;
  readonly input: readonly Message[];
  readonly output: readonly Message[];
}

/** One turn of the conversation and where it came from. */
export interface Turn {
  readonly message: Message;
  /** The model call in whose messages it first stood. */
  readonly spanId: string;
  /** False for history that the first call of a thread already brought with it. */
  readonly isNew: boolean;
}

/**
 * The conversation once, without system messages, rebuilt from calls that each repeat all, some or nothing
 * of what was said before. Equal messages are found by key, so the cost is linear in the messages sent.
 *
 * An input that begins where a known thread begins is a history: only what is beyond the turns already
 * known is new. Any other input is taken to follow the last turns, less the turns it repeats from the end.
 */
export function rebuildConversation(exchanges: readonly Exchange[]): readonly Turn[] {
  const conversation = new Conversation();
  for (const exchange of exchanges) {
    conversation.receive(exchange.spanId, exchange.input);
    conversation.answer(exchange.spanId, exchange.output);
  }
  return conversation.turns;
}

/** What is known of one content: the turns that say it, in order. */
interface Said {
  readonly turns: number[];
  /** Those whose ids are the same, too. */
  readonly exactTurns: number[];
  /** How many of the turns the history of this number has been matched with. */
  history: number;
  matched: number;
}

/** A message and what it says. */
interface Keyed {
  readonly message: Message;
  readonly key: MessageKey<Said>;
}

class Conversation {
  readonly turns: (Turn & { key: MessageKey<Said>; isNew: boolean; isOutput: boolean })[] = [];
  private readonly keys = new MessageKeys<Said>(() => ({
    turns: [],
    exactTurns: [],
    history: 0,
    matched: 0,
  }));
  private readonly idPlace = new Map<string, number>();
  private readonly threadStarts = new Set<Said>();
  private histories = 0;

  receive(spanId: string, input: readonly Message[]): void {
    const said: Keyed[] = [];
    for (const message of input) {
      const key = this.keys.of(message);
      if (!key.isEmpty && !isSystem(message)) said.push({ message, key });
    }
    const [first] = said;
    if (first === undefined) return;
    const start = first.key.loose;
    if (this.threadStarts.has(start)) this.receiveHistory(spanId, said);
    else {
      const overlap = this.overlap(said);
      const isFollowing = overlap > 0 || this.answersCall(said);
      if (!isFollowing) this.threadStarts.add(start);
      for (const next of said.slice(overlap)) this.append(spanId, next, isFollowing, false);
    }
  }

  answer(spanId: string, output: readonly Message[]): void {
    for (const message of output) {
      const key = this.keys.of(message);
      const { ids } = key;
      const places = ids.map((id) => this.idPlace.get(`${message.role} ${id}`));
      const [place] = places;
      const known = place === undefined ? undefined : this.turns[place];
      // A caller that changes its list while it is serialised shows answers before they were given.
      if (known && places.every((other) => other === place)) {
        known.isNew = true;
        known.isOutput = true;
      } else if (!this.isShownAlready(key)) this.append(spanId, { message, key }, true, true);
    }
  }

  /** The same, for an answer without ids: the input that showed it too early ends with it. */
  private isShownAlready(key: MessageKey<Said>): boolean {
    const last = this.turns.at(-1);
    return last !== undefined && !last.isOutput && last.key.loose === key.loose;
  }

  /** Appends what a full history has beyond the turns known, each turn matched once. */
  private receiveHistory(spanId: string, said: readonly Keyed[]): void {
    this.histories += 1;
    let last = -1;
    for (const next of said) {
      const place = this.find(next.key);
      if (place !== undefined) last = place;
      else if (next.message.role === "assistant" && this.turns[last + 1]?.isOutput) last += 1;
      else {
        this.append(spanId, next, true, false);
        last = this.turns.length - 1;
      }
    }
  }

  /** The first turn equal to the message that this history has not yet been matched with. */
  private find({ ids, exact, loose }: MessageKey<Said>): number | undefined {
    if (ids.length === 0) return this.take(loose, loose.turns);
    return this.take(exact, exact.exactTurns) ?? this.take(loose, loose.exactTurns);
  }

  private take(said: Said, turns: readonly number[]): number | undefined {
    const matched = said.history === this.histories ? said.matched : 0;
    const place = turns[matched];
    if (place === undefined) return undefined;
    said.history = this.histories;
    said.matched = matched + 1;
    return place;
  }

  /** How many of the first messages repeat the last turns (Knuth, Morris and Pratt). */
  private overlap(said: readonly Keyed[]): number {
    const pattern = said.map(({ key }) => key.loose);
    const fallback = failureTable(pattern);
    let matched = 0;
    for (const turn of this.turns.slice(-pattern.length)) {
      if (turn.key.isEmpty) continue;
      while (matched > 0 && pattern[matched] !== turn.key.loose) matched = fallback[matched - 1] ?? 0;
      if (pattern[matched] === turn.key.loose) matched += 1;
    }
    return matched;
  }

  /** True when the messages bring results of calls made before: the input is a delta. */
  private answersCall(said: readonly Keyed[]): boolean {
    return said.some(({ key }) => key.ids.some((id) => this.idPlace.has(`assistant ${id}`)));
  }

  private append(spanId: string, { message, key }: Keyed, isNew: boolean, isOutput: boolean): void {
    const place = this.turns.length;
    this.turns.push({ message, spanId, isNew, isOutput, key });
    key.loose.turns.push(place);
    key.exact.exactTurns.push(place);
    for (const id of key.ids) this.idPlace.set(`${message.role} ${id}`, place);
  }
}

function failureTable(pattern: readonly Said[]): readonly number[] {
  const table = [0];
  for (let index = 1, matched = 0; index < pattern.length; index++) {
    while (matched > 0 && pattern[matched] !== pattern[index]) matched = table[matched - 1] ?? 0;
    if (pattern[matched] === pattern[index]) matched += 1;
    table.push(matched);
  }
  return table;
}
