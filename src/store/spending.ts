import type { Spent } from "../core/batch-questions.ts";
import type { PurseSpending } from "../core/spending.ts";
import type { SpendRefusal, SpendRequest } from "../core/store.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The table `spend`: what judges have cost, by day and purse.

/** Days that are kept. */
const KEPT_DAYS = 60;

const selectSpent = statement<{ day: string; purse: string }>()(({ db, value }) =>
  db
    .selectFrom("spend")
    .select(["usd", "tokens", "reserved_usd", "reserved_tokens"])
    .where("day", "=", value("day"))
    .where("purse", "=", value("purse")),
);

const selectDay = statement<{ day: string }>()(({ db, value }) =>
  db
    .selectFrom("spend")
    .select(["purse", "usd", "tokens", "reserved_usd", "reserved_tokens"])
    .where("day", "=", value("day"))
    .orderBy("purse"),
);

const add = statement<{
  day: string;
  purse: string;
  usd: number;
  tokens: number;
  reservedUsd: number;
  reservedTokens: number;
}>()(({ db, value }) =>
  db
    .insertInto("spend")
    .values({
      day: value("day"),
      purse: value("purse"),
      usd: value("usd"),
      tokens: value("tokens"),
      reserved_usd: value("reservedUsd"),
      reserved_tokens: value("reservedTokens"),
    })
    .onConflict((conflict) =>
      conflict.columns(["day", "purse"]).doUpdateSet(({ eb, ref }) => ({
        usd: eb("spend.usd", "+", ref("excluded.usd")),
        tokens: eb("spend.tokens", "+", ref("excluded.tokens")),
        reserved_usd: eb("spend.reserved_usd", "+", ref("excluded.reserved_usd")),
        reserved_tokens: eb("spend.reserved_tokens", "+", ref("excluded.reserved_tokens")),
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
    if (limits.usd !== undefined && paidUsd + usd > limits.usd)
      return { purse, unit: "usd", spent: paidUsd, reserved: atLeast0(spent?.reserved_usd) };
    if (limits.tokens !== undefined && paidTokens + tokens > limits.tokens)
      return { purse, unit: "tokens", spent: paidTokens, reserved: atLeast0(spent?.reserved_tokens) };
  }
  if (isFirst) yield* send(deleteBefore, { day: dayBefore(day, KEPT_DAYS) });
  for (const purse of purses.keys())
    yield* send(add, { day, purse, usd, tokens, reservedUsd: usd, reservedTokens: tokens });
  return null;
}

/** `Store.spending`. */
export function* spendingOf(day: string): Operation<PurseSpending[]> {
  const rows = yield* run(selectDay, { day });
  return rows.map(({ purse, usd, tokens, reserved_usd, reserved_tokens }) => {
    const reserved = { usd: atLeast0(reserved_usd), tokens: atLeast0(reserved_tokens) };
    return { purse, usd, tokens, reserved };
  });
}

/** `Store.settleSpend`. */
export function* settleSpend(
  day: string,
  purses: readonly string[],
  { usd, tokens }: Spent,
  reserved: Spent = { usd: 0, tokens: 0 },
): Operation<void> {
  const taken = { usd, tokens, reservedUsd: -reserved.usd, reservedTokens: -reserved.tokens };
  for (const purse of purses) yield* send(add, { day, purse, ...taken });
}

/** Sums of fractions of a cent end a little beside nothing. */
function atLeast0(amount = 0): number {
  return amount > 1e-9 ? amount : 0;
}

function dayBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
