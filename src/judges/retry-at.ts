/** Waits longer than this are not believed: a day. */
const LONGEST_WAIT = 24 * 60 * 60 * 1000;

/**
 * Unix ms at which a refused call may be tried again: the latest of `retry-after-ms`, `retry-after` (seconds
 * or a date) and the resets of the limits that have nothing left, as OpenAI (durations, `6m0s`) and Anthropic
 * (RFC 3339) send them. Undefined when no header says anything: whoever plans the next try decides.
 */
export function retryAtOf(headers: Headers | undefined, now: number): number | undefined {
  const times = headers === undefined ? [] : [...retryAfterTimes(headers, now), ...resets(headers, now)];
  const believed = times.filter((time) => Number.isFinite(time) && time > now);
  return believed.length === 0 ? undefined : believedTime(Math.max(...believed), now);
}

/** A time that a header names, no later than a day from now. Unix ms. */
export function believedTime(time: number, now: number): number {
  return Math.min(time, now + LONGEST_WAIT);
}

/** What `retry-after-ms` and `retry-after` (seconds or a date) name, Unix ms; NaN where it is neither. */
export function retryAfterTimes(headers: Headers, now: number): readonly number[] {
  const milliseconds = headers.get("retry-after-ms");
  const after = headers.get("retry-after");
  return [
    ...(milliseconds === null ? [] : [now + Number(milliseconds)]),
    ...(after === null ? [] : [/^[\d.]+$/.test(after) ? now + Number(after) * 1000 : Date.parse(after)]),
  ];
}

function resets(headers: Headers, now: number): readonly number[] {
  return [...headers].flatMap(([name, value]) => {
    const match = /^(x-ratelimit|anthropic-ratelimit)(.*)remaining(.*)$/.exec(name);
    if (match === null || Number(value) > 0) return [];
    const reset = headers.get(`${match[1]}${match[2]}reset${match[3]}`);
    if (reset === null) return [];
    return [resetTime(reset, now)];
  });
}

/** When a limit is whole again: a duration from now (`6m0s`) or a time (RFC 3339). Unix ms; NaN when it is neither. */
export function resetTime(reset: string, now: number): number {
  return /^[\d.]+(?:ms|s|m|h|d)/.test(reset) ? now + duration(reset) : Date.parse(reset);
}

const UNITS: { readonly [unit: string]: number } = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `6m0s`, `120ms`, `1h2m3.5s` in ms. */
function duration(text: string): number {
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)) {
    sum += Number(amount) * (UNITS[unit ?? ""] ?? Number.NaN);
  }
  return sum;
}
