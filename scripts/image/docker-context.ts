import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether a file is sent to the Docker engine as .dockerignore has it: the last pattern that fits decides. Understands what our file
 * uses: `**`, a path with what lies below it, a `*` at the end, `!` and comments.
 */
export function isSent(ignore: string, path: string): boolean {
  let sent = true;
  for (const line of ignore.split("\n")) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const pattern = text.replace(/^!/, "");
    if (fits(pattern, path)) sent = text.startsWith("!");
  }
  return sent;
}

/** The files of a checkout that are sent, except those that git ignores. */
export function contextFiles(root: string): readonly string[] {
  const ignore = readFileSync(join(root, ".dockerignore"), "utf8");
  const words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const paths = execFileSync("git", words, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 ** 2 });
  return [...new Set(paths.split("\0"))].filter((path) => path !== "" && isSent(ignore, path));
}

function fits(pattern: string, path: string): boolean {
  if (pattern === "**") return true;
  if (pattern.endsWith("*")) return path.startsWith(pattern.slice(0, -1));
  return path === pattern || path.startsWith(`${pattern}/`);
}
