import type { SpendRefusal, SpendRequest } from "../core/store.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The table `spend`: what judges have cost, by day and purse.

/** Days that are kept. */
const KEPT_DAYS = 60;

const selectSpent = statement<{ day: string; purse: string }>()(({ db, value }) =>
  db
    .selectFrom("spend")
    .select(["usd", "tokens"])
    .where("day", "=", value("day"))
    .where("purse", "=", value("purse")),
);

const add = statement<{ day: string; purse: string; usd: number; tokens: number }>()(({ db, value }) =>
  db
    .insertInto("spend")
    .values({ day: value("day"), purse: value("purse"), usd: value("usd"), tokens: value("tokens") })
    .onConflict((conflict) =>
      conflict.columns(["day", "purse"]).doUpdateSet(({ eb, ref }) => ({
        usd: eb("spend.usd", "+", ref("excluded.usd")),
        tokens: eb("spend.tokens", "+", ref("excluded.tokens")),
      })),
    ),
);

const deleteBefore = statement<{ day: string }>()(({ db, value }) =>
  db.deleteFrom("spend").where("day", "<", value("day")),
);

/** `Store.reserveSpend`; one at a time, see `SqlStore`. */
export function* reserveSpend({ day, purses, usd, tokens }: SpendRequest): Operation<SpendRefusal | null> {
  let isFirst = false;
  for (const [purse, limits] of purses) {
    const [spent = null] = yield* run(selectSpent, { day, purse });
    isFirst ||= spent === null;
    const [paidUsd, paidTokens] = [spent?.usd ?? 0, spent?.tokens ?? 0];
    if (limits.usd !== undefined && paidUsd + usd > limits.usd) return { purse, unit: "usd", spent: paidUsd };
    if (limits.tokens !== undefined && paidTokens + tokens > limits.tokens)
      return { purse, unit: "tokens", spent: paidTokens };
  }
  if (isFirst) yield* send(deleteBefore, { day: dayBefore(day, KEPT_DAYS) });
  for (const purse of purses.keys()) yield* send(add, { day, purse, usd, tokens });
  return null;
}

/** `Store.settleSpend`. */
export function* settleSpend(
  day: string,
  purses: readonly string[],
  { usd, tokens }: { readonly usd: number; readonly tokens: number },
): Operation<void> {
  for (const purse of purses) yield* send(add, { day, purse, usd, tokens });
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
