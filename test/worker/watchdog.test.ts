import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { temporaryFolder } from "../store/temporary-folder.ts";

const CHILD = fileURLToPath(new URL("./stuck-child.ts", import.meta.url));

/** Lines of stdout and how the child ended; it ends by itself, so the test also sees that nothing keeps it. */
async function childThat(deed: string, ...more: readonly string[]) {
  const child = spawn(process.execPath, [CHILD, deed, ...more], { stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { lines: out.trim().split("\n"), err, code, signal };
}

describe("the watchdog", { timeout: 30_000 }, () => {
  it.each(["loop", "regex", "microtasks", "sleep"])(
    "interrupts code that never ends after an await (%s), says where, and everything else goes on",
    async (deed) => {
      const { lines, code } = await childThat(deed);
      expect(lines).toEqual([
        "started",
        expect.stringMatching(/^interrupted file:\/\/.*stuck-child\.ts:\d+$/),
        "goes on",
      ]);
      expect(code).toBe(0);
    },
  );

  it.each(["nothing", "busy", "stall"])("lets work be that goes on (%s)", async (deed) => {
    const { lines, code } = await childThat(deed);
    expect(lines).toEqual(["started", "settled", "goes on"]);
    expect(code).toBe(0);
  });

  it("ends a process that cannot be interrupted, and says so", async () => {
    const { lines, err, signal } = await childThat("native");
    expect(lines).toEqual(["started"]);
    expect(err).toMatch(/stuck for \d+ s and ends itself/);
    expect(signal).toBe("SIGKILL");
  });

  it("ends the process rather than leave half a transaction", async () => {
    const folder = temporaryFolder();
    const { lines, signal } = await childThat("transaction", folder.path);
    expect(lines).toEqual(["started"]);
    expect(signal).toBe("SIGKILL");
    folder.remove();
  });
});
