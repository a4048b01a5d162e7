import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

import { TracegateError } from "../core/errors.ts";
import { parseJson } from "../core/json.ts";
import { readText } from "./read-dataset.ts";

const count = z.number().int().nonnegative();

/** What is known of one judge scorer: no text of any trace, so that it can lie in git for everybody. */
const record = z.strictObject({
  v: z.literal(1),
  scorer: z.string(),
  /** `Scorer.instrument`: what it holds for, and for nothing else. */
  instrument: z.string(),
  /** For people: the model. */
  judge: z.string(),
  /** ISO 8601. */
  at: z.string(),
  confusion: z.strictObject({ truePass: count, falsePass: count, trueFail: count, falseFail: count }),
  rejudged: z.strictObject({ asked: count, flipped: count }).nullable(),
});

const attacks = z.strictObject({
  v: z.literal(1),
  /** By version of a judge, whatever it is asked. */
  judges: z.record(
    z.string(),
    z.strictObject({ judge: z.string(), at: z.string(), attacks: count, withstands: z.boolean() }),
  ),
});

/** See {@link readCalibration}. */
export type CalibrationRecord = z.infer<typeof record>;
type Attacks = z.infer<typeof attacks>;

/** How a judge took the known attacks. */
export type AttackRecord = Attacks["judges"][string];

/**
 * The last calibration of a scorer in a folder, by default `evals/calibration`; null when it has none.
 *
 * @throws TracegateError `config` when the file is not one of ours.
 */
export async function readCalibration(folder: string, scorer: string): Promise<CalibrationRecord | null> {
  return readAs(join(folder, fileOf(scorer)), record);
}

/** Writes it, for a pull request to be looked at. Returns the path. */
export async function writeCalibration(folder: string, calibration: CalibrationRecord): Promise<string> {
  return write(folder, fileOf(calibration.scorer), calibration);
}

/** How a version of a judge took the known attacks; null when nobody tried. */
export async function readAttacks(folder: string, version: string): Promise<AttackRecord | null> {
  const known = await readAs(join(folder, ATTACKS), attacks);
  return known?.judges[version] ?? null;
}

/** Adds a version of a judge to those that were tried. Returns the path. */
export async function writeAttacks(folder: string, version: string, result: AttackRecord): Promise<string> {
  const known = await readAs(join(folder, ATTACKS), attacks);
  return write(folder, ATTACKS, { v: 1, judges: { ...known?.judges, [version]: result } } satisfies Attacks);
}

const ATTACKS = "attacks.json";

function fileOf(scorer: string): string {
  return `scorer.${scorer}.json`;
}

async function write(folder: string, name: string, content: object): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}

async function readAs<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const content = await readText(path);
  if (content === null) return null;
  const parsed = schema.safeParse(parseJson(content));
  if (parsed.success) return parsed.data;
  throw new TracegateError(
    "config",
    `${path} is not a calibration of this version. Write it again with tracegate judge calibrate --save (or judge check --save).`,
  );
}
