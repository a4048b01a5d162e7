import type { Score } from "../../core/score.ts";
import type { GateReport } from "../../core/verdict.ts";

/** A line about the judges that were asked and that the verdict does not depend on, because they may not block, have no key, or no case names them. */
export function idleJudgesLine({ verdict, run }: GateReport): string | null {
  const scores = run.results.flatMap((result) => result.scores).filter(({ kind }) => kind === "judge");
  const deciding = new Set(verdict.cases.filter(({ blocking }) => blocking).map(({ scorer }) => scorer));
  const idle = [...new Set(scores.map(({ name }) => name))].filter((name) => !deciding.has(name));
  const of = (judge: string) => scores.filter(({ name }) => name === judge);
  const keyless = idle.filter(
    (judge) =>
      of(judge).some(({ unscored }) => unscored?.code === "no-key") &&
      of(judge).every(({ value }) => value === null),
  );
  const named = new Set(verdict.cases.map(({ scorer }) => scorer));
  const others = idle.filter((judge) => !keyless.includes(judge));
  const advisory = others.filter((judge) => named.has(judge));
  const parts = [
    [advisory, "advisory: tracegate judge calibrate, or gate.trust"],
    [others.filter((judge) => !advisory.includes(judge)), "no case is held by it"],
    [keyless, remedyIn(scores)],
  ] as const;
  const told = parts.flatMap(([judges, why]) => (judges.length > 0 ? [`${judges.join(", ")} (${why})`] : []));
  return told.length === 0 ? null : `Judges that block nothing here: ${told.join("; ")}.`;
}

/** A judge without a key says which one it looked for. */
function remedyIn(scores: readonly Score[]): string {
  const said = scores.find(({ unscored }) => unscored?.code === "no-key")?.explanation;
  return said?.replace(/\.$/, "") ?? "no key";
}
