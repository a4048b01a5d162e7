/** A duration for people: `820 ms`, `3.2 s`, `4 min 10 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
}

/** `1 trace`, `3 traces`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${whole(number)} ${number === 1 ? noun : plural}`;
}

/** USD with enough digits to tell small sums apart. */
export function dollars(usd: number): string {
  return usd === 0 ? "$0" : `$${usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}

/** `57,406`. */
export function whole(number: number): string {
  return number.toLocaleString("en");
}

/** Odds that evidence offers, with two digits: `0.26`, `38`, `302`, `> 1000`. */
export function odds(evidence: number): string {
  if (evidence > 1_000) return "> 1000";
  return evidence >= 100 ? String(Math.round(evidence)) : evidence.toPrecision(2);
}
