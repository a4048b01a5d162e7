import { follows, followsByPercentage, NumberLine, sums } from "./arithmetic.ts";
import { dayNumber, readCalendar } from "./calendar.ts";
import type { Claim, DateClaim, Day, IdClaim, NumberClaim, TimeClaim } from "./claim.ts";
import { NUMBER, readNumber } from "./read-number.ts";

/** Whole numbers up to this one, without a unit, are counts ("three flights") and need no source. */
const LARGEST_COUNT = 31;

/** A number that is no part of an id or a name. */
const AMOUNT = /(?<![\p{L}\d_#/.,-])(\d+(?:[.,]\d+)*)(?![\p{L}\d_/]|-\d)/gu;

const PERCENTAGE = /(?<![\d.])(\d{1,3}(?:\.\d{1,2})?)\s?(?:%|percent|por ciento)/g;

/** Larger numbers are ids that happen to have no letters. */
const LARGEST_AMOUNT = 1e7;

const WORD_CHARACTER = /[\p{L}\p{N}]/u;

/** Bounds on the work; the last ones seen are kept. */
const MOST_AMOUNTS = 1000;
const MOST_PERCENTAGES = 10;

/** Units that are converted into each other: minutes, hours, days, weeks, months, cents and per mille, kilo. */
const CONVERSIONS: readonly number[] = [60, 24, 7, 30, 12, 100, 1000, 1024, 3600, 1440];

/** Number words that turn up as digits in answers. */
const NUMBER_WORDS: { readonly [word: string]: number } = {
  forty: 40,
  cuarenta: 40,
  fifty: 50,
  cincuenta: 50,
  sixty: 60,
  sesenta: 60,
  seventy: 70,
  setenta: 70,
  eighty: 80,
  ochenta: 80,
  ninety: 90,
  noventa: 90,
  hundred: 100,
  cien: 100,
  half: 50,
  mitad: 50,
  thousand: 1000,
};

/** What the agent saw, ready to be asked whether it supports a claim. Each index is made when first needed. */
export class Seen {
  readonly #text: string;
  readonly #today: Required<Day>;
  #calendar:
    | { readonly rest: string; readonly days: readonly Day[]; readonly minutes: ReadonlySet<number> }
    | undefined;
  #numbers: NumberLine | undefined;
  #amounts: NumberLine | undefined;
  #percentages: readonly number[] | undefined;
  #digits: string | undefined;
  /** Amounts of claims that were supported; a total of them is supported too. */
  readonly #stated: number[] = [];

  /** `now` is when the run started, Unix ms: an agent is taken to know the day. */
  constructor(text: string, now: number) {
    this.#text = text.toLowerCase();
    const date = new Date(now);
    this.#today = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  }

  /** The claims that neither were seen nor follow from what was seen. A total may come before its parts. */
  unsupported(claims: readonly Claim[]): readonly Claim[] {
    const open = claims.filter((claim) => !this.#supports(claim));
    return open.length === claims.length ? open : open.filter((claim) => !this.#supports(claim));
  }

  #supports(claim: Claim): boolean {
    if (claim.kind === "id") return this.#supportsId(claim);
    if (claim.kind === "date") return this.#supportsDate(claim);
    if (claim.kind === "time") return this.#supportsTime(claim);
    return this.#supportsNumber(claim);
  }

  #supportsId({ text }: IdClaim): boolean {
    const bare = text.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");
    if (containsWord(this.#text, bare)) return true;
    const digits = bare.replace(/\D/g, "");
    if (digits.length < 7 || /\p{L}/u.test(bare)) return false;
    this.#digits ??= this.#text.replace(/(?<=\d)[-\s().]{1,2}(?=\d)/g, "");
    return this.#digits.includes(digits);
  }

  #supportsDate({ days }: DateClaim): boolean {
    if (days.some((day) => containsWord(this.#text, isoOf(day)))) return true;
    const seen = this.#readCalendar().days;
    if (days.some((day) => seen.some((other) => sameDay(day, other)))) return true;
    const numbers = this.#readNumbers();
    const numbered = seen.map((other) => dayNumber({ year: this.#today.year, ...other }));
    return days.some((day) => {
      const years =
        day.year === undefined ? [this.#today.year, ...seen.flatMap(({ year }) => year ?? [])] : [day.year];
      return [...new Set(years)].some((year) => {
        const number = dayNumber({ ...day, year });
        return numbered.some(
          (other) => Math.abs(number - other) <= 1 || numbers.has(Math.abs(number - other), 0),
        );
      });
    });
  }

  #supportsTime({ minutes }: TimeClaim): boolean {
    if (minutes.some((minute) => containsWord(this.#text, clockOf(minute)))) return true;
    const seen = this.#readCalendar().minutes;
    return minutes.some((minute) => seen.has(minute));
  }

  #supportsNumber(claim: NumberClaim): boolean {
    const { readings, unit } = claim;
    const values = readings.map((reading) => reading.value);
    if (unit === "none" && values.some((value) => value <= LARGEST_COUNT && Number.isInteger(value))) {
      return true;
    }
    if (values.includes(0) || (unit === "percent" && values.includes(100))) return true;
    if (claim.ending && this.#text.includes(claim.text.replace(/\D/g, ""))) return true;
    const found =
      readings.find(({ value }) => containsWord(this.#text, String(value))) ??
      readings.find(({ value, precision }) => this.#readNumbers().has(value, precision / 2 + 1e-9)) ??
      readings.find(({ value, precision }) => this.#derived(claim, value, precision / 2 + 1e-9));
    if (found !== undefined) this.#state(found.value);
    return found !== undefined;
  }

  #derived({ unit, convertible }: NumberClaim, value: number, tolerance: number): boolean {
    const amounts = this.#readAmounts();
    if (unit === "percent" && this.#isShare(value, tolerance, amounts)) return true;
    const factors = convertible ? CONVERSIONS : [];
    return (
      sums(value, tolerance, this.#stated) ||
      follows(value, tolerance, amounts) ||
      followsByPercentage(value, tolerance, amounts, this.#readPercentages()) ||
      factors.some((factor) => amounts.has(value * factor, tolerance * factor)) ||
      factors.some((factor) => amounts.has(value / factor, tolerance / factor))
    );
  }

  /** A percentage that is a ratio of two amounts, or their relative difference. */
  #isShare(value: number, tolerance: number, amounts: NumberLine): boolean {
    return [value / 100, 1 - value / 100, 1 + value / 100].some((share) =>
      amounts.numbers.some((one) => one > 0 && amounts.has(one * share, (one * tolerance) / 100)),
    );
  }

  #readCalendar() {
    if (this.#calendar !== undefined) return this.#calendar;
    const { dates, times, rest } = readCalendar(this.#text);
    const days = [this.#today, ...dates.flatMap((date) => date.days)];
    this.#calendar = {
      rest,
      days: [...new Map(days.map((day) => [`${day.year}-${day.month}-${day.day}`, day])).values()],
      minutes: new Set(times.flatMap((time) => time.minutes)),
    };
    return this.#calendar;
  }

  /** Every number there is, pieces of ids and dates included: what may be repeated. */
  #readNumbers(): NumberLine {
    if (this.#numbers !== undefined) return this.#numbers;
    const found = new Set<number>([this.#today.year]);
    for (const [, digits = "", multiplier] of this.#text.matchAll(NUMBER)) {
      for (const { value } of readNumber(digits, multiplier)) found.add(value);
      if (multiplier !== undefined) for (const { value } of readNumber(digits)) found.add(value);
      for (const group of digits.split(/[.,]/)) found.add(Number(group));
    }
    for (const [word, value] of Object.entries(NUMBER_WORDS)) {
      if (containsWord(this.#text, word)) found.add(value);
    }
    this.#numbers = new NumberLine(found);
    return this.#numbers;
  }

  /** Numbers that stand by themselves, the last ones seen, and those stated: what may be calculated with. */
  #readAmounts(): NumberLine {
    if (this.#amounts !== undefined) return this.#amounts;
    const found = new Set<number>();
    for (const [, digits = ""] of this.#readCalendar().rest.matchAll(AMOUNT)) {
      const value = readNumber(digits)[0]?.value;
      if (value !== undefined && value < LARGEST_AMOUNT) found.add(value);
    }
    this.#amounts = new NumberLine([...[...found].slice(-MOST_AMOUNTS), ...this.#stated]);
    return this.#amounts;
  }

  #state(amount: number): void {
    if (this.#stated.includes(amount)) return;
    this.#stated.push(amount);
    if (this.#amounts !== undefined) this.#amounts = new NumberLine([...this.#amounts.numbers, amount]);
  }

  #readPercentages(): readonly number[] {
    if (this.#percentages !== undefined) return this.#percentages;
    const found = new Set([...this.#text.matchAll(PERCENTAGE)].map(([, digits]) => Number(digits)));
    this.#percentages = [...found].slice(-MOST_PERCENTAGES);
    return this.#percentages;
  }
}

function sameDay(one: Day, other: Day): boolean {
  const years = one.year === undefined || other.year === undefined || one.year === other.year;
  return years && one.month === other.month && one.day === other.day;
}

/** `2026-05-23`, or `05-23` without the year: as tool results mostly write it, and quick to find. */
function isoOf({ year, month, day }: Day): string {
  const rest = `${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
  return year === undefined ? rest : `${year}-${rest}`;
}

/** `14:30`, as tool results mostly write it. */
function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** True when `word` stands in `text` with no letter or digit right before or after it. */
function containsWord(text: string, word: string): boolean {
  if (word === "") return true;
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!WORD_CHARACTER.test(text[at - 1] ?? " ") && !WORD_CHARACTER.test(text[at + word.length] ?? " ")) {
      return true;
    }
  }
  return false;
}
