import {
  familyOf,
  type Instrumentation,
  instrumentationOf,
  nameOfInstrumentation,
} from "./instrumentation.ts";
import type { Observation } from "./observation.ts";
import type { Rule, Severity } from "./rule.ts";
import { rules } from "./rules.ts";

/** One thing that the instrumentation of these traces lacks. */
export interface Finding {
  readonly code: string;
  /** One step below the rule's where it shows in fewer than 5 % of the traces: a crash is no habit. */
  readonly severity: Severity;
  readonly finding: string;
  readonly costs: string;
  /** Built-in scorers that see less or nothing for it. */
  readonly blinds: readonly string[];
  /** Traces that show it, and those in which it could show. */
  readonly traces: number;
  readonly of: number;
  /** Words of the traces worth telling, the most frequent first; at most 5. */
  readonly names: readonly string[];
  /** At most 3. */
  readonly examples: readonly { readonly traceId: string; readonly spanIds: readonly string[] }[];
  /** What to do, and which instrumentations it is said of. */
  readonly mend: readonly { readonly instrumentations: readonly string[]; readonly advice: string }[];
}

/** What some traces say of their instrumentation. */
export interface DiagnosisReport {
  readonly v: 1;
  readonly traces: number;
  readonly instrumentations: readonly (Instrumentation & { readonly traces: number })[];
  /** Serious ones first. */
  readonly findings: readonly Finding[];
}

const OCCASIONAL = 0.05;
const MAX_NAMES = 5;
const MAX_EXAMPLES = 3;
const MAX_SPANS = 3;
const SEVERITIES: readonly Severity[] = ["serious", "warning", "hint"];

/** What the instrumentation of these traces lacks. */
export function diagnose(observations: Iterable<Observation>): DiagnosisReport {
  const diagnosis = new Diagnosis();
  for (const observation of observations) diagnosis.add(observation);
  return diagnosis.report();
}

/** The same for traces that come one by one; keeps counts and a few examples, not the traces. */
export class Diagnosis {
  readonly #tallies = rules.map((rule) => new RuleTally(rule));
  readonly #instrumentations = new Map<string, Instrumentation & { traces: number }>();
  #traces = 0;

  add(observation: Observation): void {
    this.#traces += 1;
    const seen = new Set<string>();
    for (const span of observation.spans) {
      const instrumentation = instrumentationOf(span);
      const name = nameOfInstrumentation(instrumentation);
      if (seen.has(name)) continue;
      seen.add(name);
      const known = this.#instrumentations.get(name);
      if (known) known.traces += 1;
      else this.#instrumentations.set(name, { ...instrumentation, traces: 1 });
    }
    for (const tally of this.#tallies) tally.add(observation);
  }

  report(): DiagnosisReport {
    const findings = this.#tallies.flatMap((tally) => tally.finding() ?? []);
    const rank = ({ severity }: Finding) => SEVERITIES.indexOf(severity);
    return {
      v: 1,
      traces: this.#traces,
      instrumentations: this.#instrumentations
        .values()
        .toArray()
        .sort((one, other) => other.traces - one.traces),
      findings: findings.sort((one, other) => rank(one) - rank(other)),
    };
  }
}

/** What has been seen of one rule. */
class RuleTally {
  readonly #rule: Rule;
  readonly #names = new Map<string, number>();
  readonly #examples: { traceId: string; spanIds: readonly string[] }[] = [];
  /** By advice: the instrumentations it is for. */
  readonly #mend = new Map<string, Set<string>>();
  #traces = 0;
  #of = 0;

  constructor(rule: Rule) {
    this.#rule = rule;
  }

  add(observation: Observation): void {
    const { applies, find, names } = this.#rule;
    if (applies && !applies(observation)) return;
    this.#of += 1;
    const spanIds = find(observation);
    if (spanIds === null) return;
    this.#traces += 1;
    if (this.#examples.length < MAX_EXAMPLES) {
      this.#examples.push({
        traceId: observation.trace.traceId,
        spanIds: [...new Set(spanIds)].slice(0, MAX_SPANS),
      });
    }
    for (const name of names?.(observation) ?? []) this.#names.set(name, (this.#names.get(name) ?? 0) + 1);
    for (const instrumentation of madeBy(observation, spanIds)) this.#advise(instrumentation);
  }

  finding(): Finding | null {
    if (this.#traces === 0) return null;
    const { code, severity, finding, costs, blinds } = this.#rule;
    const isOccasional = this.#traces / this.#of < OCCASIONAL;
    return {
      code,
      severity: isOccasional ? (SEVERITIES[SEVERITIES.indexOf(severity) + 1] ?? severity) : severity,
      finding,
      costs,
      blinds,
      traces: this.#traces,
      of: this.#of,
      names: [...this.#names]
        .sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1))
        .slice(0, MAX_NAMES)
        .map(([name]) => name),
      examples: this.#examples,
      mend: [...this.#mend].map(([advice, instrumentations]) => ({
        instrumentations: [...instrumentations].sort(),
        advice,
      })),
    };
  }

  #advise(instrumentation: Instrumentation): void {
    const { mend } = this.#rule;
    const advice = mend[familyOf(instrumentation.scope)] ?? mend.other;
    const told = this.#mend.get(advice) ?? new Set();
    told.add(nameOfInstrumentation(instrumentation));
    this.#mend.set(advice, told);
  }
}

/** Who made the spans that show it; for a trace as a whole, who made those of the agent's own work. */
function madeBy({ trace, spans }: Observation, spanIds: readonly string[]): readonly Instrumentation[] {
  const own = trace.spans.filter((span) => span.type !== "other").map((span) => span.spanId);
  const shown = new Set(spanIds.length > 0 ? spanIds : own);
  const makers = spans.filter((span) => shown.size === 0 || shown.has(span.spanId)).map(instrumentationOf);
  return [...new Map(makers.map((maker) => [nameOfInstrumentation(maker), maker])).values()];
}
