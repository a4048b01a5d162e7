import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Writes a small project into a temp folder: path → content. Give it to `using`, which removes it. */
export function projectFolder(files: { readonly [path: string]: string }): { root: string } & Disposable {
  const root = mkdtempSync(join(tmpdir(), "tracegate-house-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }) };
}
