import type { CalibratedScorer } from "../../app/calibrate.ts";
import { type Estimate, wilson } from "../../core/interval.ts";
import { count, plain } from "./plain.ts";
import { table } from "./table.ts";

/** What is known of one judge, for people. */
export function calibrationText(found: CalibratedScorer): string {
  const { scorer, pairs, confusion, rates, people } = found;
  const right = { align: "right" } as const;
  const matrix = table(
    [{ heading: "" }, { heading: "judge: pass", ...right }, { heading: "judge: fail", ...right }],
    [
      ["person: pass", String(confusion.truePass), String(confusion.falseFail)],
      ["person: fail", String(confusion.falsePass), String(confusion.trueFail)],
    ],
  );
  const figures = table(
    [{ heading: "figure" }, { heading: "value", ...right }, { heading: "95 % interval", ...right }],
    [
      row("recognised passes (TPR)", rates.truePassRate),
      row("recognised fails (TNR)", rates.trueFailRate),
      row("agreement", rates.agreement),
      row("kappa", found.kappa),
      row("Matthews", found.matthews),
      ["PABAK", number(found.pabak), ""],
      row("share of fails (prevalence)", rates.prevalence),
      flips(found),
      ["cost of 1,000 answers, USD", found.costPer1000?.toFixed(2) ?? "unknown", ""],
      ["pass rate, as the judge says", number(found.judgedRate), ""],
      row(`pass rate, corrected (${found.corrected?.method ?? "not possible"})`, found.corrected),
    ],
  );
  const left = [
    found.unjudged > 0 && `${count(found.unjudged, "labelled trace")} without an answer of this version`,
    people.disputed.length > 0 && `${people.disputed.length} on which people differ`,
    people.undecided > 0 && `${people.undecided} that nobody could tell`,
  ].filter((text) => text !== false);
  const may =
    found.missing.length === 0
      ? "It may gate: a failure of it blocks a pull request."
      : [
          "It reports only; it does not gate. What is missing:",
          ...found.missing.map((one) => `  - ${one}`),
        ].join("\n");
  return plain(
    [
      `${scorer}: ${count(pairs, "trace")} judged by both a person and the judge${left.length > 0 ? `; left out: ${left.join(", ")}` : ""}`,
      ...(people.agreement === null ? [] : [agreement(people.agreement)]),
      "",
      matrix,
      "",
      figures,
      ...(found.rejudged === null ? [] : ["", askedAgain(found.rejudged)]),
      "",
      may,
      ...(found.savedAs === null ? [] : [`Written to ${found.savedAs}; commit it.`]),
    ].join("\n"),
  );
}

function agreement(one: NonNullable<CalibratedScorer["people"]["agreement"]>): string {
  const [first, second] = one.reviewers;
  return `${first} and ${second} labelled ${count(one.traces, "trace")} both; their kappa is ${number(one.kappa)}.`;
}

function flips({ rejudged }: CalibratedScorer): readonly string[] {
  if (rejudged === null || rejudged.asked === 0) return ["changed its mind", "not tried", ""];
  const { asked, flipped } = rejudged;
  return row(`changed its mind (${flipped} of ${asked})`, wilson(flipped / asked, asked));
}

function askedAgain({ asked, unanswered, costUsd }: NonNullable<CalibratedScorer["rejudged"]>): string {
  if (asked + unanswered === 0)
    return "Asked again: nothing, for no labelled trace has an answer and its spans still.";
  const cost = costUsd === null ? "cost unknown, the model has no price" : `cost ${costUsd.toFixed(4)} USD`;
  const without = unanswered === 0 ? "" : `, ${unanswered} of them without an answer`;
  return `Asked again: ${count(asked + unanswered, "trace")}${without}; ${cost}.`;
}

function row(name: string, estimate: Estimate | null): readonly string[] {
  if (estimate === null) return [name, "–", ""];
  return [name, number(estimate.value), `${number(estimate.low)} to ${number(estimate.high)}`];
}

function number(value: number | null): string {
  return value === null ? "–" : value.toFixed(2);
}
