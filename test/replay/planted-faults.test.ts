import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { makeWrong } from "../../src/replay/make-wrong.ts";
import type { PlantedFault } from "../../src/replay/planted-fault.ts";
import { callTool, ORDER, recordingOf, replaying } from "./recordings.ts";

const ask = (faults: readonly PlantedFault[], calls = 1, recording = recordingOf()) =>
  replaying({ recording, faults, mode: "models-live" }, async ({ url, session }) => {
    const bodies = [];
    for (let index = 0; index < calls; index++) {
      bodies.push((await callTool(url, "get_order", { order_id: "A-1" })).body);
    }
    return { bodies, ...session.end(false) };
  });

describe("a fault planted in a recorded tool", () => {
  it("error: the tool fails, and answers as it did when it is called again", async () => {
    const { bodies, notes, fault } = await ask([{ tool: "get_order", kind: "error", call: 1 }], 2);
    expect(bodies).toEqual([
      { error: { type: "ToolError", message: "503 Service Unavailable" } },
      { result: ORDER },
    ]);
    expect(notes).toEqual(["planted on purpose: error in get_order"]);
    expect(fault).toBeUndefined();
  });

  it("timeout: nothing comes for a while, then the tool fails", async () => {
    const started = performance.now();
    const { bodies } = await ask([{ tool: "get_order", kind: "timeout", holdMs: 80 }]);
    expect(performance.now() - started).toBeGreaterThanOrEqual(79);
    expect(bodies).toEqual([{ error: { type: "TimeoutError", message: "no answer within 80 ms" } }]);
  });

  it.each([
    [ORDER, null],
    [[ORDER], []],
    ["a text", ""],
  ])("empty: the tool answers %j with %j", async (result, empty) => {
    const recording = recordingOf({
      toolCalls: [{ name: "get_order", arguments: { order_id: "A-1" }, result }],
    });
    const { bodies } = await ask([{ tool: "get_order", kind: "empty" }], 1, recording);
    expect(bodies).toEqual([{ result: empty }]);
  });

  it("wrong: one value is another, the same in every run", async () => {
    const faults = [{ tool: "get_order", kind: "wrong", field: "eta" }] as const;
    const [first, second] = [await ask(faults), await ask(faults)];
    expect(first.bodies).toEqual(second.bodies);
    const { eta, ...rest } = first.bodies[0].result;
    expect(rest).toEqual({ order_id: ORDER.order_id, status: ORDER.status, total: ORDER.total });
    expect(eta).toMatch(/^2026-(11-2[5-9]|11-30|12-01)$/);
  });

  it("wrong: says so when there is nothing to make wrong", async () => {
    const { fault } = await ask([{ tool: "get_order", kind: "wrong", field: "status" }]);
    expect(fault?.message).toContain("its recorded result holds no number, date or id under status");
  });

  it("is noted when its call was never made", async () => {
    const { notes } = await ask([{ tool: "get_order", kind: "error", call: 2 }]);
    expect(notes).toEqual(["error in get_order was to be planted, but that call was not made"]);
  });
});

describe("a value made wrong", () => {
  const leaf = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
    fc
      .date({ min: new Date("1990-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString()),
    fc.stringMatching(/^[A-Z]{1,3}-\d{1,6}$/),
    fc.constantFrom(null, true, "shipped", ""),
  );
  const json = fc.dictionary(
    fc.constantFrom("id", "eta", "total", "lines"),
    fc.oneof(leaf, fc.array(leaf, { maxLength: 4 })),
  );

  it("differs in exactly one leaf, keeps its kind, and follows from the seed", () => {
    fc.assert(
      fc.property(json, fc.string(), (value, seed) => {
        const plain = JSON.parse(JSON.stringify(value));
        const wrong = makeWrong(plain, seed);
        if (wrong === null) {
          expect(leaves(plain).every(({ kind }) => kind === "other")).toBe(true);
          return;
        }
        expect(makeWrong(plain, seed)).toEqual(wrong);
        const [before, after] = [leaves(plain), leaves(wrong.result)];
        expect(after.map(({ kind }) => kind)).toEqual(before.map(({ kind }) => kind));
        expect(before.filter(({ text }, index) => text !== after[index]?.text)).toHaveLength(1);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it("is found inside JSON text too", () => {
    const wrong = makeWrong('{"reference":"R-10420"}', "x");
    expect(wrong?.result).toMatch(/^\{"reference":"R-1042[1-9]"\}$/);
    expect(wrong?.change).toMatch(/^reference: R-10420 → R-1042[1-9]$/);
  });
});

function leaves(value: unknown): { readonly kind: string; readonly text: string }[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leaves);
  const text = String(value);
  const changeable = typeof value === "number" || (typeof value === "string" && /\d/.test(value));
  return [
    {
      kind: changeable
        ? `${typeof value} ${text.replaceAll(/\d+/g, typeof value === "number" ? "" : "0").replaceAll(/[-.e+]/g, "")}`
        : "other",
      text,
    },
  ];
}
