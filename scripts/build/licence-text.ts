import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The licences of the packages that the given modules come from, by package name. */
export function licenceText(root: string, moduleIds: readonly string[]): string {
  const folders = new Map<string, string>();
  for (const id of moduleIds) {
    const match = /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(id.replaceAll("\\", "/"));
    if (match?.[1] && match[2]) folders.set(`${match[2]} ${match[1]}`, match[1]);
  }
  const texts = new Set<string>();
  for (const folder of folders.values()) texts.add(licenceOf(folder));
  const own = readFileSync(join(root, "LICENSE"), "utf8").trim();
  return `${[`tracegate\n\n${own}`, ...[...texts].sort()].join(`\n\n${"-".repeat(78)}\n\n`)}\n`;
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder)
    .sort()
    .find((entry) => /^(licen[cs]e|copying)/i.test(entry) && existsSync(join(folder, entry)));
  const text = file ? readFileSync(join(folder, file), "utf8").trim().replaceAll("\r\n", "\n") : "";
  return [`${name} ${version} (${license ?? "licence not stated"})`, text]
    .filter((part) => part !== "")
    .join("\n\n");
}
