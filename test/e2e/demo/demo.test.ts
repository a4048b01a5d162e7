import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { removeAbandoned, workspacePrefix } from "../../../src/cli/demo/abandoned-workspaces.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { readme } from "../readme/blocks.ts";
import { runDemo } from "./demo-process.ts";
import { comparable } from "./transcript.ts";

const MINUTES = 60_000;

describe("the demo", () => {
  it("prints what the README shows", { timeout: 3 * MINUTES }, async () => {
    const { path, text, blocks } = readme();
    const shown = blocks.find(({ name }) => name === "tracegate / text / 1")?.text ?? "";
    const demo = await runDemo();
    expect(demo.stderr).toBe("");
    if (process.env.UPDATE_TRANSCRIPT)
      writeFileSync(
        path,
        text.replace(shown, () => demo.stdout.trimEnd()),
      );
    else expect(comparable(demo.stdout), "run again with UPDATE_TRANSCRIPT=1").toEqual(comparable(shown));
    expect(demo).toMatchObject({ exitCode: 0, leftOver: false });
  });

  it.each(["tracegate up listens on", "3. Gate on main"])(
    "ends within five seconds of Ctrl-C after it said %j, and leaves no process",
    { timeout: 2 * MINUTES },
    async (interruptAt) => {
      const { exitCode, stderr, endingMs, leftOver } = await runDemo(interruptAt);
      expect({ exitCode, stderr, leftOver }).toEqual({ exitCode: 130, stderr: "", leftOver: false });
      expect(endingMs).toBeLessThan(5_000);
    },
  );
});

describe("the workspaces of demos", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it("are removed by the next demo, except where one is at work, and nothing else is", async () => {
    const atWork = `${workspacePrefix(process.pid)}Ab12cD`;
    // No process has the highest id there can be.
    for (const name of [atWork, `${workspacePrefix(4_194_304)}Ab12cD`, "shop-Ab12cD", "notes"])
      mkdirSync(join(folder.path, name, "evals"), { recursive: true });
    await removeAbandoned(folder.path);
    expect(readdirSync(folder.path).toSorted()).toEqual(["notes", atWork].toSorted());
  });
});
