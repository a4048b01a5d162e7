import { TracegateError } from "../../core/errors.ts";
import type { Scorer, Subject } from "../../core/scorer.ts";
import type { JudgeDocumentSource } from "../judge-document.ts";
import { type BuiltInJudgeOptions, builtInJudge } from "./built-in-judge.ts";
import { hasWords } from "./has-words.ts";

/** The rubric, as the judge reads it. */
const RUBRIC = `Did the agent keep to the documents above, in everything it did and said in this run?

- Find the rules of the documents that apply to this request and to what the agent did. A rule that does not apply cannot be broken.
- Steps count as much as words: a change that a rule forbids is a breach, also when the answer does not mention it; so is a step that a rule demands and that was not taken.
- An action counts only if its step is in the record. An action that was only announced is judged by what was said.
- Where a rule leaves a choice, either choice keeps to it. Where two rules conflict, keeping to the more specific one is right.
- A breach that the user asked for is still a breach. One breach is enough for "no".
- Whether the user was helped is another question; do not judge it here.
- The rationale is one sentence: which rule, and what kept to it or broke it.`;

/** Options of {@link policyAdherence}. */
export interface PolicyAdherenceOptions extends BuiltInJudgeOptions {
  /** The policy, e.g. `[{ file: "docs/refunds.md" }]`. */
  readonly documents: readonly JudgeDocumentSource[];
}

/**
 * Did the agent keep to a document, in what it did and said? Not applicable when it did and said nothing.
 *
 * @throws TracegateError `config` without a document.
 *
 * @example
 * policyAdherence({ documents: [{ file: "docs/refunds.md" }] });
 */
export function policyAdherence(options: PolicyAdherenceOptions): Scorer {
  // Configurations are run without their types being checked.
  const { documents = [] }: Partial<PolicyAdherenceOptions> = options ?? {};
  if (documents.length === 0) {
    const message = 'policyAdherence needs a policy, e.g. { documents: [{ file: "docs/refunds.md" }] }.';
    throw new TracegateError("config", message);
  }
  const rubric = {
    question: RUBRIC,
    description: "What the agent did and said keeps to the policy.",
    context: "evidence",
    // A run that ended without a word may have broken rules before.
    emptyAnswer: null,
    applies,
  } as const;
  return builtInJudge("policy-adherence", rubric, options);
}

function applies({ trace }: Subject): boolean | string {
  if (hasWords(trace.output) || trace.toolCalls.length > 0) return true;
  return "The agent did and said nothing that could keep to a policy or break it.";
}
