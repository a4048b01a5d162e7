import type { Case } from "../core/case.ts";
import { textOf } from "../core/message.ts";
import type { Result } from "../core/run.ts";
import { passed } from "../core/score.ts";
import { scoreOf } from "./gate-counts.ts";
import type { CaseTexts } from "./gate-sentences.ts";

/** Characters of the input that a case's name shows. */
const QUOTE = 60;
/** Characters of an explanation; the whole of it is in the results. */
const EXPLANATION = 600;

/** Names cases by id and first words, and quotes what the scorers said of the newest failing trial. */
export function textsOf(cases: readonly Case[], results: readonly Result[]): CaseTexts {
  const byId = new Map(cases.map((one) => [one.id, one]));
  const byCase = Map.groupBy(results, ({ caseId }) => caseId);
  return {
    nameOf(caseId) {
      const one = byId.get(caseId);
      const words = one ? quote(one) : "";
      return words === "" ? caseId : `${caseId} ("${words}")`;
    },
    explanationOf(caseId, scorer) {
      const trials = (byCase.get(caseId) ?? []).toSorted((a, b) => b.trial - a.trial);
      const scores = trials.flatMap((trial) => scoreOf(trial, scorer) ?? []);
      const failing = scores.find((score) => passed(score) === false);
      if (failing) return oneLine(failing.explanation ?? undefined);
      const unscored = scores.find((score) => passed(score) === null);
      const fault = trials.find((trial) => trial.fault)?.fault;
      return oneLine(fault?.message ?? unscored?.explanation ?? unscored?.unscored?.code);
    },
  };
}

/**
 * Foreign texts in one line without control characters: a line that begins with `::` is a command to the
 * runner of GitHub, and a terminal obeys escape codes.
 */
function oneLine(text: string | undefined): string | undefined {
  const line = text?.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();
  return line === undefined || line.length <= EXPLANATION ? line : `${line.slice(0, EXPLANATION - 1)}…`;
}

function quote(one: Case): string {
  const message = one.input.messages.findLast(({ role }) => role === "user") ?? one.input.messages.at(-1);
  const words = message
    ? textOf(message)
        .replaceAll(/[\p{Cc}\s]+/gu, " ")
        .trim()
    : "";
  return words.length <= QUOTE ? words : `${words.slice(0, QUOTE - 1).trimEnd()}…`;
}
