import type { Labelling } from "../../app/labelling.ts";
import { systemClock } from "../../core/clock.ts";
import type { Label } from "../../core/label.ts";
import { humanTruth } from "../../pipeline/calibration/human-truth.ts";
import { note } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import type { KeyReader } from "./read-keys.ts";
import { tracePage } from "./trace-page.ts";

/** What a session of labelling came to. */
export interface LabelledResult {
  readonly labelled: number;
  readonly skipped: number;
  /** Times the person said something else than the judge, at first. */
  readonly differed: number;
  /** Of these, how many the person changed on the second look. */
  readonly changed: number;
  readonly agreement: ReturnType<typeof humanTruth>["agreement"];
}

const KEYS = "p pass · f fail · u cannot tell · s skip · b back · q quit";
const WORDS: { readonly [key: string]: boolean | null } = { p: true, f: false, u: null };

/**
 * Walks a person through traces. What the judge said is shown only on the second look, at the end, at those where
 * the two differ: whoever sees it first agrees with it. Every key is on disk at once.
 */
export async function labelTraces(
  labelling: Labelling,
  { keys, reviewer }: { readonly keys: KeyReader; readonly reviewer: string },
): Promise<LabelledResult> {
  const said = new Map<string, Label>();
  const save = async (traceId: string, passed: boolean | null, probability: number | undefined) => {
    const label: Label = {
      v: 1,
      traceId,
      scorer: labelling.scorer,
      passed,
      reviewer,
      source: "review",
      at: systemClock.now(),
      ...(probability !== undefined && { probability }),
    };
    await labelling.save(label);
    said.set(traceId, label);
  };
  const { skipped, quit } = await firstLook(labelling, keys, save);
  const differing = [...said.values()].filter((label) => differs(label, labelling));
  const changed = quit ? 0 : await secondLook(labelling, keys, { differing, save });
  const others = [...said.keys()].flatMap((traceId) => labelling.others(traceId));
  const { agreement } = humanTruth([...said.values(), ...others]);
  return { labelled: said.size, skipped, differed: differing.length, changed, agreement };
}

type Save = (traceId: string, passed: boolean | null, probability: number | undefined) => Promise<void>;

async function firstLook(
  labelling: Labelling,
  keys: KeyReader,
  save: Save,
): Promise<{ skipped: number; quit: boolean }> {
  const { picked, scorer } = labelling;
  let skipped = 0;
  for (let place = 0; place < picked.length; place++) {
    const one = picked[place];
    if (one === undefined) break;
    const trace = await labelling.trace(one.traceId);
    if (trace === null) {
      skipped += 1;
      continue;
    }
    note(`\n${place + 1} of ${picked.length}, for ${scorer}\n${tracePage(trace)}\n${KEYS}`);
    const key = await knownKey(keys, ["p", "f", "u", "s", "b", "q"]);
    if (key === null || key === "q") return { skipped, quit: true };
    if (key === "b") place = Math.max(-1, place - 2);
    else if (key === "s") skipped += 1;
    else await save(one.traceId, WORDS[key] ?? null, one.probability);
  }
  return { skipped, quit: false };
}

function differs({ traceId, passed }: Label, labelling: Labelling): boolean {
  if (passed === null) return false;
  const judge = labelling.judgeSaid(traceId);
  const others = labelling.others(traceId);
  return (
    (judge !== undefined && judge.passed !== passed) ||
    others.some((other) => other.passed !== null && other.passed !== passed)
  );
}

async function secondLook(
  labelling: Labelling,
  keys: KeyReader,
  { differing, save }: { readonly differing: readonly Label[]; readonly save: Save },
): Promise<number> {
  let changed = 0;
  if (differing.length > 0) note(`\nOnce more, ${differing.length} where you and others differ.`);
  for (const label of differing) {
    const trace = await labelling.trace(label.traceId);
    const judge = labelling.judgeSaid(label.traceId);
    if (trace === null) continue;
    note(`\n${tracePage(trace)}\n  you said ${word(label.passed)}`);
    if (judge)
      note(plain(`  the judge said ${word(judge.passed)}: ${judge.explanation ?? "no reason given"}`));
    for (const other of labelling.others(label.traceId))
      note(plain(`  ${other.reviewer} said ${word(other.passed)}`));
    note("k keep · p pass · f fail · u cannot tell · q quit");
    const key = await knownKey(keys, ["k", "p", "f", "u", "q"]);
    if (key === null || key === "q") return changed;
    const passed = key === "k" ? label.passed : (WORDS[key] ?? null);
    if (passed !== label.passed) {
      changed += 1;
      await save(label.traceId, passed, label.probability);
    }
  }
  return changed;
}

async function knownKey(keys: KeyReader, known: readonly string[]): Promise<string | null> {
  for (;;) {
    const key = await keys.next();
    if (key === null || known.includes(key)) return key;
    note(`Keys: ${known.join(" ")}`);
  }
}

function word(passed: boolean | null): string {
  if (passed === null) return "cannot tell";
  return passed ? "pass" : "fail";
}
