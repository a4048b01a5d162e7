import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, hostname, userInfo } from "node:os";
import { join, resolve } from "node:path";

import type { Client } from "./client.ts";
import type { RecordedRequest } from "./recorder.ts";
import { scrub } from "./scrub.ts";

/** Where recordings of clients lie. */
export const FIXTURES = resolve(import.meta.dirname, "../fixtures/clients");

/**
 * Replaces a client's recording: one file per body, in the order in which they were sent, without compression and without
 * traces of this machine. `gaps.json` stays as it is, but for the version.
 */
export async function record(
  client: Client,
  requests: readonly RecordedRequest[],
  versions: { readonly [name: string]: string },
  folders: readonly string[],
): Promise<void> {
  const folder = join(FIXTURES, client.name);
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (/^\d{3}-/.test(file)) await rm(join(folder, file));
  }
  const bodies = requests.filter(({ kind }) => kind !== "other");
  const names = namesOfThisMachine(folders);
  for (const [index, { kind, format, body }] of bodies.entries()) {
    const number = String(index + 1).padStart(3, "0");
    await writeFile(join(folder, `${number}-${kind}.${format}`), scrub(body, format, names));
  }
  const paths = [...new Set(bodies.map(({ path }) => path))];
  await writeJson(join(folder, "meta.json"), { client: client.name, packages: versions, paths });
  await renewGaps(join(folder, "gaps.json"), client, versions);
}

async function renewGaps(path: string, client: Client, versions: { readonly [name: string]: string }) {
  const name = client.package ?? Object.keys(client.packages)[0] ?? client.name;
  const bare = name.replace(/\[.*\]$/, "");
  const old = existsSync(path) ? JSON.parse(await readFile(path, "utf8")) : { stories: [] };
  await writeJson(path, { ...old, client: bare, version: versions[bare] });
}

async function writeJson(path: string, value: object): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The longest first, so that a path is replaced as a whole. */
function namesOfThisMachine(folders: readonly string[]): string[] {
  const user = userInfo().username;
  const names = [...folders, process.cwd(), process.execPath, homedir(), hostname()];
  if (user !== "root") names.push(user);
  return [...new Set(names)].sort((a, b) => b.length - a.length);
}
