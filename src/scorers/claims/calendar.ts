import type { DateClaim, Day, TimeClaim } from "./claim.ts";

/** Month names and usual abbreviations in English, Spanish, Portuguese, French, German and Italian. */
const MONTHS: readonly string[] = [
  "january jan enero ene janeiro janvier januar gennaio",
  "february feb febrero fevereiro février fevrier februar febbraio",
  "march mar marzo março marco mars märz",
  "april apr abril abr avril aprile",
  "may mayo maio mai maggio",
  "june jun junio junho juin juni giugno",
  "july jul julio julho juillet juli luglio",
  "august aug agosto août aout",
  "september sept sep septiembre setiembre setembro septembre settembre",
  "october oct octubre outubro octobre oktober okt ottobre",
  "november nov noviembre novembro novembre",
  "december dec diciembre dic dezembro décembre decembre dezember dez dicembre",
];

const MONTH_OF = new Map(MONTHS.flatMap((names, index) => names.split(" ").map((name) => [name, index + 1])));

const MONTH = [...MONTH_OF.keys()].sort((a, b) => b.length - a.length).join("|");

const YEAR_FIRST = /(?<![\d.,-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/g;
const YEAR_LAST = /(?<![\d.,-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)/g;
const MONTH_DAY = new RegExp(
  `(?<!\\p{L})(${MONTH})\\.?\\s{1,3}(\\d{1,2})(?:st|nd|rd|th)?(?![\\d:])(?:,?\\s{1,3}(\\d{4})(?!\\d))?`,
  "giu",
);
const DAY_MONTH = new RegExp(
  `(?<![\\d.,:])(\\d{1,2})(?:st|nd|rd|th|er|º|°|\\.)?[\\s-]{1,3}(?:of\\s|de\\s)?(${MONTH})(?!\\p{L})\\.?(?:,?[\\s-]{1,3}(?:de\\s|del\\s)?(\\d{4})(?!\\d))?`,
  "giu",
);
const CLOCK = /(?<![\d:.])(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?!\d)(?:\s{0,2}([ap])\.?\s?m\b)?/gi;
const HOUR = /(?<![\d:.,])(\d{1,2})\s{0,2}([ap])\.?\s?m\b/gi;

/** The dates and times of a text, and the text with them blanked out. */
export interface CalendarReading {
  readonly dates: readonly DateClaim[];
  readonly times: readonly TimeClaim[];
  readonly rest: string;
}

/** Reads dates and times of day in the usual numeric forms and with month names. */
export function readCalendar(text: string): CalendarReading {
  const dates: DateClaim[] = [];
  const times: TimeClaim[] = [];
  const date = (match: string, days: readonly (Day | undefined)[]) => {
    const real = days.filter((day) => day !== undefined);
    if (real.length === 0) return match;
    dates.push({ kind: "date", text: match, days: real });
    return " ".repeat(match.length);
  };
  const time = (match: string, hour: string, minute: string, half: string | undefined) => {
    const minutes = minutesOf(Number(hour), Number(minute), half?.toLowerCase());
    if (minutes.length === 0) return match;
    times.push({ kind: "time", text: match.trim(), minutes });
    return " ".repeat(match.length);
  };
  const rest = text
    .replace(YEAR_FIRST, (all, year, _, month, day) => date(all, [dayOf(day, month, year)]))
    .replace(YEAR_LAST, (all, one, _, two, year) => date(all, [dayOf(one, two, year), dayOf(two, one, year)]))
    .replace(MONTH_DAY, (all, name, day, year) => date(all, [dayOf(day, monthOf(name), year)]))
    .replace(DAY_MONTH, (all, day, name, year) => date(all, [dayOf(day, monthOf(name), year)]))
    .replace(CLOCK, (all, hour, minute, half) => time(all, hour, minute, half))
    .replace(HOUR, (all, hour, half) => time(all, hour, "0", half));
  return { dates, times, rest };
}

/** Days since 1970 of a calendar day. */
export function dayNumber(day: Required<Day>): number {
  return Date.UTC(day.year, day.month - 1, day.day) / 86_400_000;
}

function monthOf(name: string): number {
  return MONTH_OF.get(name.toLowerCase()) ?? 0;
}

function dayOf(day: string, month: string | number, year: string | undefined): Day | undefined {
  const read = { month: Number(month), day: Number(day) };
  if (read.month < 1 || read.month > 12 || read.day < 1 || read.day > 31) return undefined;
  return year === undefined ? read : { ...read, year: Number(year) };
}

function minutesOf(hour: number, minute: number, half: string | undefined): readonly number[] {
  if (hour > 24 || minute > 59) return [];
  if (half !== undefined) return hour > 12 ? [] : [((hour % 12) + (half === "p" ? 12 : 0)) * 60 + minute];
  const read = (hour % 24) * 60 + minute;
  return hour >= 1 && hour <= 12 ? [read, (read + 720) % 1440] : [read];
}
