import type { Label, LabelPage } from "../core/label.ts";
import { type Operation, run, send } from "./operation.ts";
import { statement } from "./statement.ts";

// The table `label`: what people said. Of one person about one trace and question the last word counts.

const upsert = statement<{ traceId: string; scorer: string; reviewer: string; at: number; body: string }>()(
  ({ db, value, each }) =>
    db
      .insertInto("label")
      .values(
        each((row) => ({
          trace_id: value("traceId", row),
          scorer: value("scorer", row),
          reviewer: value("reviewer", row),
          at: value("at", row),
          body: value("body", row),
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(["trace_id", "scorer", "reviewer"])
          .doUpdateSet(({ ref }) => ({ at: ref("excluded.at"), body: ref("excluded.body") }))
          .whereRef("excluded.at", ">=", "label.at"),
      ),
);

const selectPage = statement<{ traceId: string; scorer: string; reviewer: string; limit: number }>()(
  ({ db, value }) =>
    db
      .selectFrom("label")
      .select("body")
      .where(({ eb, refTuple, tuple }) =>
        eb(
          refTuple("trace_id", "scorer", "reviewer"),
          ">",
          tuple(value("traceId"), value("scorer"), value("reviewer")),
        ),
      )
      .orderBy("trace_id")
      .orderBy("scorer")
      .orderBy("reviewer")
      .limit(value("limit")),
);

/** Writes labels; an older word of the same person changes nothing. */
export function* saveLabels(labels: readonly Label[]): Operation<void> {
  const latest = new Map<string, Label>();
  for (const label of labels.toSorted((a, b) => a.at - b.at)) {
    latest.set([label.traceId, label.scorer, label.reviewer].join("\n"), label);
  }
  const rows = [...latest.values()].map((label) => {
    const { traceId, scorer, reviewer, at } = label;
    return { traceId, scorer, reviewer, at, body: JSON.stringify(label) };
  });
  if (rows.length > 0) yield* send(upsert, ...rows);
}

/** Labels by trace, scorer and reviewer. */
export function* labelsOn({ after, limit }: LabelPage): Operation<Label[]> {
  const { traceId, scorer, reviewer } = after ?? { traceId: "", scorer: "", reviewer: "" };
  const rows = yield* run(selectPage, { traceId, scorer, reviewer, limit });
  return rows.map(({ body }): Label => JSON.parse(body));
}
