import type { NumberReading } from "./read-number.ts";

/** A number, date, time or id that a text states, with every way it may be meant. */
export type Claim = NumberClaim | DateClaim | TimeClaim | IdClaim;

export interface NumberClaim {
  readonly kind: "number";
  /** As it stands in the text. */
  readonly text: string;
  /** `1.500` is 1500 or 1.5. */
  readonly readings: readonly NumberReading[];
  readonly unit: "money" | "percent" | "none";
  /** True when a unit follows that may have been converted: minutes to hours, MB to GB. */
  readonly convertible: boolean;
  /** True when it stands for the last digits of something longer: "ending in 4336". */
  readonly ending: boolean;
}

export interface DateClaim {
  readonly kind: "date";
  readonly text: string;
  /** `03/04/2026` is 3 April or 4 March. */
  readonly days: readonly Day[];
}

export interface TimeClaim {
  readonly kind: "time";
  readonly text: string;
  /** Minutes after midnight; two readings when a.m. and p.m. are not told apart. */
  readonly minutes: readonly number[];
}

export interface IdClaim {
  readonly kind: "id";
  readonly text: string;
}

/** A calendar day; the year may be left out. Months count from 1. */
export interface Day {
  readonly year?: number;
  readonly month: number;
  readonly day: number;
}
