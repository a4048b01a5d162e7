import { TracegateError } from "../core/errors.ts";
import { stableJson } from "../core/json.ts";
import {
  type Answer,
  CANNOT_JUDGE,
  isAnswer,
  type Judge,
  type NoAnswer,
  type PanelAnswer,
} from "../core/judge.ts";

/** Options of {@link panel}. */
export interface PanelOptions {
  /** Decides where they differ. Default: the trace cannot be judged, and a person should look at it. */
  readonly arbiter?: Judge;
}

/**
 * Judges that are all asked, for questions where one family's blind spot is too expensive. What they agree on counts; where they
 * differ nothing is averaged: the arbiter decides, or nobody.
 *
 * @param judges two or more, best of different families.
 * @throws TracegateError `config` with fewer than two, or with one that is a cascade or a panel.
 */
export function panel(judges: readonly Judge[], { arbiter }: PanelOptions = {}): Judge {
  const [first, ...others] = judges;
  if (first === undefined || others.length === 0) {
    throw new TracegateError("config", `panel: needs two judges or more, got ${judges.length}.`);
  }
  if (judges.some((judge) => judge.stronger || judge.panel)) {
    throw new TracegateError("config", "panel: its judges must be single models, not cascades or panels.");
  }
  const identities = judges.map(({ identity }) => identity);
  return {
    ...first,
    identity: stableJson({ panel: identities, arbiter: arbiter?.identity }),
    panel: { others, ...(arbiter && { arbiter }) },
  };
}

/** What a panel has come to before the arbiter is asked. */
export type PanelOutcome =
  | { readonly kind: "agreed"; readonly answer: Answer }
  | { readonly kind: "differ"; readonly said: readonly PanelAnswer[] }
  /** One of them has no answer yet: the whole question waits, or fails, with it. */
  | { readonly kind: "incomplete"; readonly result: NoAnswer };

/** Compares what the judges of a panel said, in their order. */
export function comparePanel(
  results: readonly { readonly judge: Judge; readonly result: Answer | NoAnswer }[],
): PanelOutcome {
  for (const { result } of results) if (!isAnswer(result)) return { kind: "incomplete", result };
  const answers = results.flatMap(({ result }) => (isAnswer(result) ? [result] : []));
  const said = results.map(({ judge, result }) => ({
    provider: judge.provider,
    model: isAnswer(result) ? result.model : judge.model,
    label: isAnswer(result) ? result.label : null,
  }));
  const [first] = answers;
  if (first !== undefined && answers.every(({ label }) => label === first.label)) {
    return { kind: "agreed", answer: { ...first, panel: said } };
  }
  return { kind: "differ", said };
}

/** The answer of a panel that differs and has no arbiter. */
export function undecided(said: readonly PanelAnswer[]): Omit<Answer, "usage"> {
  const words = said.map(({ model, label }) => `${model} says ${label}`).join(", ");
  return {
    label: CANNOT_JUDGE,
    rationale: `The judges differ: ${words}. A person should look at it.`,
    evidence: [],
    model: said.map(({ model }) => model).join(" and "),
    panel: said,
  };
}
