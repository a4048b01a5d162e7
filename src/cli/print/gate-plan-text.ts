import type { Forecast, GatePlan } from "../../pipeline/gate-plan.ts";
import { count } from "./plain.ts";
import { table } from "./table.ts";

/** A plan for people: what the gate sees now, and what more would buy. */
export function planText(plan: GatePlan): string {
  const lines = [
    `${count(plan.guarding, "guarding case")} of ${plan.cases}, ${count(plan.mainTrials, "trial")} each on main (median), mode ${plan.mode}.`,
  ];
  if (plan.guarding === 0) {
    lines.push("Nothing guards yet, so nothing can be seen. Run `tracegate gate --record` on main.");
    return lines.join("\n");
  }
  for (const { scorer, cases, margin } of plan.margins) {
    lines.push(
      margin === null
        ? `${scorer}: ${count(cases, "case")}, too few to rule out a loss over all of them at this price; single broken cases are seen.`
        : `${scorer}: ${count(cases, "case")}, a pass rules out a loss of ${points(margin)} or more over all of them.`,
    );
  }
  lines.push("", table(COLUMNS, plan.now.map(rowOf)));
  for (const { what, forecasts } of plan.more) {
    lines.push("", `With ${what}:`, table(COLUMNS, forecasts.map(rowOf)));
  }
  lines.push(
    "",
    `Simulated: ${plan.repetitions} changes of each kind now, half as many for what more would buy.`,
  );
  return lines.join("\n");
}

const COLUMNS = [
  { heading: "CHANGE" },
  { heading: "BLOCKED", align: "right" as const },
  { heading: "INCONCLUSIVE", align: "right" as const },
  { heading: "FURTHER TRIALS", align: "right" as const },
  { heading: "AT MOST (95 %)", align: "right" as const },
];

function rowOf(one: Forecast): string[] {
  const blocked = `${percent(one.blocked)} ±${percent(one.error)} %`;
  return [
    one.change,
    blocked,
    `${percent(one.inconclusive)} %`,
    one.extraTrials.toFixed(1),
    String(one.extraTrialsP95),
  ];
}

function points(share: number): string {
  return count(Math.round(share * 1000) / 10, "point");
}

function percent(share: number): string {
  return (share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0);
}
