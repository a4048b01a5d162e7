/** A seeded source of numbers (mulberry32), so that a failure can be made again. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  }
}

type Mutation = (body: Buffer, dice: Dice, other: Buffer) => Buffer;

/** Numbers at which readers stumble: lengths that overflow, the ends of varints, the signs of JSON. */
const ODD_BYTES = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x5c];
const ODD_TEXTS = [
  "null",
  "[]",
  "{}",
  '""',
  "-1",
  "1e999",
  '"\\ud800"',
  "[[[[[[[[",
  '{"__proto__":{}}',
  "\u0000",
];

const slice = (body: Buffer, dice: Dice): readonly [number, number] => {
  const start = dice.roll(body.length + 1);
  return [start, Math.min(body.length, start + 1 + dice.roll(64))];
};

/** Mutations that keep the length, so that most frames hold and the contents are what is wrong. */
const inPlace: readonly Mutation[] = [
  // One bit.
  (body, dice) => overwrite(body, dice, 1, (byte) => byte ^ (1 << dice.roll(8))),
  // One odd byte.
  (body, dice) => overwrite(body, dice, 1, () => ODD_BYTES[dice.roll(ODD_BYTES.length)] ?? 0),
  // Digits and letters for others of their kind: names, ids, numbers and roles that nobody knows.
  (body, dice) => overwrite(body, dice, 1 + dice.roll(24), (byte) => sameKind(byte, dice)),
  (body, dice) => overwrite(body, dice, 1 + dice.roll(24), (byte) => sameKind(byte, dice)),
];

function overwrite(body: Buffer, dice: Dice, count: number, change: (byte: number) => number): Buffer {
  const changed = Buffer.from(body);
  const start = dice.roll(body.length + 1);
  for (let at = start; at < Math.min(start + count, body.length); at++)
    changed[at] = change(changed[at] ?? 0);
  return changed;
}

function sameKind(byte: number, dice: Dice): number {
  if (byte >= 0x30 && byte <= 0x39) return 0x30 + dice.roll(10);
  if (byte >= 0x61 && byte <= 0x7a) return 0x61 + dice.roll(26);
  return byte;
}

const mutations: readonly Mutation[] = [
  ...inPlace,
  // Cut off.
  (body, dice) => body.subarray(0, dice.roll(body.length + 1)),
  // A piece is missing, or there twice.
  (body, dice) => {
    const [start, end] = slice(body, dice);
    return Buffer.concat([body.subarray(0, start), body.subarray(end)]);
  },
  (body, dice) => {
    const [start, end] = slice(body, dice);
    return Buffer.concat([body.subarray(0, end), body.subarray(start)]);
  },
  // Noise, or an odd text, in between.
  (body, dice) => {
    const at = dice.roll(body.length + 1);
    const noise = Buffer.from(Array.from({ length: 1 + dice.roll(16) }, () => dice.roll(256)));
    return Buffer.concat([body.subarray(0, at), noise, body.subarray(at)]);
  },
  (body, dice) => {
    const [start, end] = slice(body, dice);
    const text = Buffer.from(ODD_TEXTS[dice.roll(ODD_TEXTS.length)] ?? "");
    return Buffer.concat([body.subarray(0, start), text, body.subarray(end)]);
  },
  // It goes on as another.
  (body, dice, other) =>
    Buffer.concat([
      body.subarray(0, dice.roll(body.length + 1)),
      other.subarray(dice.roll(other.length + 1)),
    ]),
];

/**
 * The body after one to four mutations, half of the time only such as keep its length; `other` is one of the
 * same kind to cut pieces from.
 */
export function mutate(body: Buffer, other: Buffer, dice: Dice): Buffer {
  const chosen = dice.roll(2) === 0 ? inPlace : mutations;
  let mutated = body;
  for (let count = 1 + dice.roll(4); count > 0; count--) {
    mutated = chosen[dice.roll(chosen.length)]?.(mutated, dice, other) ?? mutated;
  }
  return mutated;
}
