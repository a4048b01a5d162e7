import type { Labelling } from "../../app/labelling.ts";
import { systemClock } from "../../core/clock.ts";
import type { Label } from "../../core/label.ts";
import { humanTruth } from "../../pipeline/calibration/human-truth.ts";
import { note } from "../print/output.ts";
import { plain } from "../print/plain.ts";
import { differs, type JudgeDiffers, judgeDiffers, saidByOthers, word } from "./differences.ts";
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
  /** By what the person has said in the end. */
  readonly judge: JudgeDiffers;
  readonly agreement: ReturnType<typeof humanTruth>["agreement"];
}

const KEYS = "p pass · f fail · u cannot tell · s skip · b back · q quit";
const WORDS: { readonly [key: string]: boolean | null } = { p: true, f: false, u: null };

/**
 * Walks a person through traces. What the judge said is shown only on the second look, at the end, at those where
 * the two differ: whoever sees it first agrees with it. Whoever quits is shown a line of each instead. Every key is on disk at once.
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
  const { changed, left } = quit
    ? { changed: 0, left: differing }
    : await secondLook(labelling, keys, { differing, save });
  tellDifferences(left, labelling);
  const others = [...said.keys()].flatMap((traceId) => labelling.others(traceId));
  const { agreement } = humanTruth([...said.values(), ...others]);
  const judge = judgeDiffers([...said.values()], labelling);
  return { labelled: said.size, skipped, differed: differing.length, changed, judge, agreement };
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

/** For those that are not looked at a second time, because the person had enough. */
function tellDifferences(differing: readonly Label[], labelling: Labelling): void {
  if (differing.length === 0) return;
  note(`\nNot looked at again, ${differing.length} where you and others differ:`);
  for (const { traceId, passed } of differing)
    note(plain(`  ${traceId}: you said ${word(passed)}; ${saidByOthers(traceId, labelling).join("; ")}`));
}

async function secondLook(
  labelling: Labelling,
  keys: KeyReader,
  { differing, save }: { readonly differing: readonly Label[]; readonly save: Save },
): Promise<{ readonly changed: number; readonly left: readonly Label[] }> {
  let changed = 0;
  if (differing.length > 0) note(`\nOnce more, ${differing.length} where you and others differ.`);
  for (const [place, label] of differing.entries()) {
    const trace = await labelling.trace(label.traceId);
    if (trace === null) continue;
    note(`\n${tracePage(trace)}\n  you said ${word(label.passed)}`);
    for (const line of saidByOthers(label.traceId, labelling)) note(plain(`  ${line}`));
    note("k keep · p pass · f fail · u cannot tell · q quit");
    const key = await knownKey(keys, ["k", "p", "f", "u", "q"]);
    if (key === null || key === "q") return { changed, left: differing.slice(place + 1) };
    const passed = key === "k" ? label.passed : (WORDS[key] ?? null);
    if (passed !== label.passed) {
      changed += 1;
      await save(label.traceId, passed, label.probability);
    }
  }
  return { changed, left: [] };
}

async function knownKey(keys: KeyReader, known: readonly string[]): Promise<string | null> {
  for (;;) {
    const key = await keys.next();
    if (key === null || known.includes(key)) return key;
    note(`Keys: ${known.join(" ")}`);
  }
}
