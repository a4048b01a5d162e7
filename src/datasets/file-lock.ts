import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { TracegateError } from "../core/errors.ts";
import { isObject, parseJson } from "../core/json.ts";
import { codeOf } from "./read-dataset.ts";

/** How long to wait for another process, ms. */
const PATIENCE_MS = 30_000;
/** Age at which a lock of another machine, or one without a readable owner, is stale, ms. */
const STALE_MS = 120_000;

/**
 * Runs `work` while this process alone holds `<path>.lock`, so that two writers of one file lose nothing.
 * A lock whose owner is dead is taken over.
 *
 * @throws TracegateError `unavailable` (retryable) when another process holds it for over 30 s.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() });
  await mkdir(dirname(path), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await create(lock, owner))) {
    await takeOver(lock);
    if (Date.now() > deadline) {
      const holder = (await read(lock)) ?? "nobody";
      throw new TracegateError(
        "unavailable",
        `${lock} is held by another process (${holder}). Wait for it to end; if it is gone, delete the file.`,
        { retryable: true },
      );
    }
    await pause(5 + Math.random() * 20);
  }
  try {
    return await work();
  } finally {
    if ((await read(lock)) === owner) await rm(lock, { force: true });
  }
}

/** Replaces a file as a whole: readers see the old bytes or the new ones, also after a crash. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    const file = await open(temporary, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function create(lock: string, owner: string): Promise<boolean> {
  try {
    await writeFile(lock, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a stale lock. Two processes may find it stale at once: the second could remove the lock the
 * first has made meanwhile. So removal has a lock of its own, and looks again once it holds it.
 */
async function takeOver(lock: string): Promise<void> {
  if (!(await isStale(lock))) return;
  const guard = `${lock}.takeover`;
  if (!(await create(guard, ""))) {
    if ((await ageOf(guard)) > STALE_MS) await rm(guard, { force: true });
    return;
  }
  try {
    if (await isStale(lock)) await rm(lock, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function isStale(lock: string): Promise<boolean> {
  const owner = parseJson((await read(lock)) ?? "");
  if (!isObject(owner) || typeof owner.pid !== "number" || owner.host !== hostname()) {
    return (await ageOf(lock)) > STALE_MS;
  }
  // Containers give the same id to every process: one of ours from before this start is not ours.
  if (owner.pid === process.pid) return (await ageOf(lock)) > process.uptime() * 1_000 + 1_000;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

async function read(path: string): Promise<string | null> {
  return readFile(path, "utf8").catch(() => null);
}

/** Ms since the last write; 0 when the file is gone. */
async function ageOf(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}
