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
  const seesOne = plan.now.some(({ change, blocked }) => change === "1 case broken" && blocked >= 0.5);
  for (const { scorer, cases, margin } of plan.margins) {
    lines.push(
      margin === null
        ? `${scorer}: ${count(cases, "case")}, too few to rule out a loss over all of them at this price${seesOne ? "; single broken cases are seen" : ""}.`
        : `${scorer}: ${count(cases, "case")}, a pass rules out a loss of ${points(margin)} or more over all of them.`,
    );
  }
  lines.push("", table(COLUMNS, plan.now.map(rowOf)));
  for (const { what, forecasts } of plan.more) {
    lines.push("", `With ${what}:`, table(COLUMNS, forecasts.map(rowOf)));
    if (what === LONGER_HISTORY) lines.push(...whyLess(plan.now, forecasts));
  }
  lines.push(
    "",
    `Simulated: ${plan.repetitions} changes of each kind now, half as many for what more would buy. A difference of less than twice its ± may be chance.`,
  );
  return lines.join("\n");
}

/** What the plan calls a history with twice the trials. */
const LONGER_HISTORY = "twice the trials on main";

/** Why a longer history sees less than that of now, where it does by more than chance. */
function whyLess(now: readonly Forecast[], longer: readonly Forecast[]): readonly string[] {
  const less = longer.flatMap((then) => {
    const before = now.find(({ change }) => change === then.change);
    if (!before || before.blocked - then.blocked <= 2 * Math.hypot(before.error, then.error)) return [];
    return [`${then.change}, ${percent(before.blocked)} % now and ${percent(then.blocked)} % then`];
  });
  if (less.length === 0) return [];
  return [
    `Less is seen then (${less.join("; ")}), because a short history without a failure looks better than it may be: in some of the`,
    "longer ones that were drawn a case fails on main at times, and guards less or not at all. More trials show it; they do not make it so.",
  ];
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
