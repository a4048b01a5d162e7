import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { homedir, hostname, userInfo } from "node:os";
import { join } from "node:path";

import type { Client } from "./client.ts";
import type { RecordedRequest } from "./recorder.ts";
import { scrub } from "./scrub.ts";

/**
 * Replaces a client's recording in `folder`: one file per body, in the order in which they were sent, without compression and without
 * what tells of this machine. Other files in the folder stay.
 */
export async function record(
  client: Client,
  requests: readonly RecordedRequest[],
  folder: string,
  {
    folder: installation,
    versions,
  }: { readonly folder: string; readonly versions: { readonly [name: string]: string } },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of await readdir(folder)) {
    if (/^\d{3}-/.test(file)) await rm(join(folder, file));
  }
  const names = namesOfThisMachine(installation);
  const bodies = requests.filter(({ kind }) => kind !== "other");
  for (const [index, { kind, format, body }] of bodies.entries()) {
    const number = String(index + 1).padStart(3, "0");
    await writeFile(join(folder, `${number}-${kind}.${format}`), scrub(body, format, names));
  }
  const paths = [...new Set(bodies.map(({ path }) => path))];
  const meta = { client: client.name, group: client.group, packages: versions, paths };
  await writeFile(join(folder, "meta.json"), `${JSON.stringify(meta, null, 2)}\n`);
}

/** The longest first, so that a path is replaced as a whole. */
function namesOfThisMachine(installation: string): string[] {
  const user = userInfo().username;
  const names = [installation, process.cwd(), process.execPath, homedir(), hostname()];
  // As a word of its own `root` is also what a span can be.
  if (user !== "root") names.push(user);
  return [...new Set(names)].sort((a, b) => b.length - a.length);
}
