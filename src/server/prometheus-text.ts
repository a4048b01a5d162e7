const EXEMPLAR = / # \{trace_id="[0-9a-f]*"\} \S+ \S+$/;

/**
 * OpenMetrics as the older text format (version 0.0.4), for those who ask for nothing else: without exemplars, and with the
 * suffix in the declaration of a counter.
 */
export function asPrometheusText(openMetrics: string): string {
  const counters = new Set<string>();
  for (const [, name] of openMetrics.matchAll(/^# TYPE (\S+) counter$/gm)) counters.add(name ?? "");
  const lines = openMetrics.split("\n").filter((line) => line !== "# EOF");
  return lines
    .map((line) => {
      const declared = /^# (?:HELP|TYPE) (\S+) /.exec(line)?.[1];
      if (declared === undefined) return line.replace(EXEMPLAR, "");
      return counters.has(declared) ? line.replace(declared, `${declared}_total`) : line;
    })
    .join("\n");
}
