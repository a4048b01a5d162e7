import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { textMessage } from "../../src/core/message.ts";
import type { LlmCall, TraceSpan } from "../../src/core/trace.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { traceFullOf } from "./hostile-trace.ts";
import { parsePage, unbalanced } from "./page-markup.ts";
import { pageOf } from "./page-of.ts";

/** All that our pages are made of. */
const ELEMENTS =
  "a article bdi body circle code dd defs details div dl dt g h1 h2 h4 h5 head html li main marker meta ol p path pre rect section span strong style summary svg table tbody td text th thead title tr ul";
const ATTRIBUTES =
  "aria-hidden aria-label aria-labelledby charset class content cx cy d data-depth focusable height href http-equiv id lang marker-end markerHeight markerUnits markerWidth name open orient r refX refY role rx scope stroke-width tabindex viewBox width x y";

/** Values that would matter if they came from elsewhere. */
function isOurs(attribute: string, value: string): boolean {
  if (attribute === "href") return /^#t1-s\d+$/.test(value);
  return attribute !== "class" || /^[a-z -]+$/.test(value);
}

/** Pieces that mean something to a browser. */
const PIECES = fc.constantFrom(
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  '" onclick="alert(1)',
  "' onclick='alert(1)",
  "</style><script>",
  "</pre></details>",
  "<!--",
  "-->",
  "]]>",
  "&lt;",
  "&#x3c;b&#x3e;",
  "javascript:alert(1)",
  "https://evil.example/",
  "url(https://evil.example/)",
  "\u0000\u001b[2J",
  "\u202e\u2066",
  "\ud800",
  "`$" + "{x}`",
  "$&$1",
  "DEPTHS",
);

describe("the page of a trace", () => {
  it("makes no markup, attribute or address out of anything that the trace says", async () => {
    const allowed = { elements: new Set(ELEMENTS.split(" ")), attributes: new Set(ATTRIBUTES.split(" ")) };
    const text = fc
      .array(fc.oneof(PIECES, fc.string({ unit: "binary" })), { minLength: 1, maxLength: 6 })
      .map((pieces) => pieces.join(""));
    await fc.assert(
      fc.asyncProperty(text, async (hostile) => {
        const { tags } = parsePage(await pageOf(traceFullOf(hostile)));
        const strange = tags.flatMap(({ name, attributes }) => [
          ...(allowed.elements.has(name) ? [] : [name]),
          ...[...attributes].filter(([key, value]) => !allowed.attributes.has(key) || !isOurs(key, value)),
        ]);
        expect(strange).toEqual([]);
        expect(unbalanced(tags)).toEqual([]);
      }),
      { numRuns: 30, seed: 20261120 },
    );
  });

  it("shows every text in full, folded or not", async () => {
    const long = `first\n${"word & <word> ".repeat(300)}last`;
    const { text } = parsePage(await pageOf(traceFullOf(long)));
    expect(text.split(long).length).toBeGreaterThan(12);
  });

  it("needs nothing else, and has the browser refuse anything else", async () => {
    const page = await pageOf(traceFullOf("x"));
    expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[^']+'/);
    expect(page).not.toMatch(/<script|<link|<iframe|<img|\ssrc=|@import|url\((?!#)/i);
  });

  it("is the same for the same trace", async () => {
    expect(await pageOf(traceFullOf("x"))).toBe(await pageOf(traceFullOf("x")));
  });

  it("shows an unscored score by its reason and never as a number", async () => {
    const { trace, scores } = traceFullOf("x");
    const unscored = scores.map((score) => ({
      ...score,
      name: "groundedness",
      value: null,
      label: null,
      unscored: { code: "timed-out" as const },
    }));
    const { text } = parsePage(await pageOf({ trace, scores: unscored }));
    expect(text).toMatch(/groundedness judge x.*unscored.*timed-out/s);
  });

  it("opens the steps that failed and marks their bars", async () => {
    const trace = makeTrace({
      toolCalls: [{ name: "good" }, { name: "bad", error: { type: "timeout", message: "no answer" } }],
    });
    const page = await pageOf({ trace });
    expect(page.match(/<circle class="fault"/g)).toHaveLength(1);
    const rowBefore = (name: string) => page.slice(0, page.indexOf(name)).split("<li ").at(-1);
    expect(rowBefore("execute_tool bad")).toContain("<details open><summary");
    expect(rowBefore("execute_tool good")).toContain("<details><summary");
    expect(page).toContain("no answer");
  });

  it("says a history once: what is new with each call, and how much was said before", async () => {
    const page = await pageOf({ trace: conversation(4) });
    const steps = page.slice(page.indexOf("<h2>Steps"), page.indexOf("<h2>Conversation"));
    const times = [0, 1, 2, 3].map((turn) => steps.split(`question ${turn}<`).length - 1);
    expect(times).toEqual([1, 1, 1, 1]);
    expect(steps).toContain("6 earlier messages");
  });

  it("stays small where every call repeats the history", async () => {
    const trace = conversation(147, "some words that make the message longer, ".repeat(12));
    const inputs = JSON.stringify(trace.llmCalls).length;
    const page = await pageOf({ trace });
    expect(inputs).toBeGreaterThan(10_000_000);
    expect(page.length).toBeLessThan(1_500_000);
  });

  it("nests no deeper than browsers do, in time linear in the spans", async () => {
    const one = makeTrace({}).spans[0];
    const spans: TraceSpan[] = Array.from({ length: 2_000 }, (_, index) => ({
      ...one,
      spanId: `s${index}`,
      parentSpanId: index === 0 ? null : `s${index - 1}`,
    })) as TraceSpan[];
    const { tags } = parsePage(await pageOf({ trace: { ...makeTrace({}), spans } }));
    let depth = 0;
    let deepest = 0;
    for (const tag of tags) {
      if (!tag.isEmpty) depth += tag.closes ? -1 : 1;
      deepest = Math.max(deepest, depth);
    }
    expect(deepest).toBeLessThan(200);
    expect(tags.filter((tag) => tag.attributes.get("class") === "row" && !tag.closes)).toHaveLength(2_000);
  });

  it("shows a trace without spans, and one whose spans are their own ancestors", async () => {
    const bare = { ...makeTrace({}), spans: [], llmCalls: [], toolCalls: [] };
    expect(parsePage(await pageOf({ trace: bare })).text).toContain("0 steps");
    const [root] = makeTrace({}).spans;
    if (!root) throw new Error("no span");
    const circle = [
      { ...root, spanId: "a", parentSpanId: "b" },
      { ...root, spanId: "b", parentSpanId: "a" },
    ];
    expect(parsePage(await pageOf({ trace: { ...makeTrace({}), spans: circle } })).text).toContain("2 steps");
  });

  it("folds several traces, and has no page for none", async () => {
    const { tags } = parsePage(await pageOf({ trace: makeTrace({}) }, { trace: makeTrace({}) }));
    expect(tags.filter((tag) => tag.attributes.get("class") === "trace")).toHaveLength(2);
    const ids = tags.flatMap((tag) => tag.attributes.get("id") ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await pageOf()).toBe("");
  });
});

/** A run whose every call sends the whole history, as agents do. */
function conversation(turns: number, padding = "") {
  const history = Array.from({ length: turns }, (_, turn) => [
    textMessage("user", `${padding}question ${turn}`),
    textMessage("assistant", `${padding}answer ${turn}`),
  ]);
  const llmCalls: Partial<LlmCall>[] = history.map(([question, answer], turn) => ({
    model: "m",
    input: [...history.slice(0, turn).flat(), ...(question ? [question] : [])],
    output: answer ? [answer] : [],
  }));
  return makeTrace({ messages: history.flat(), llmCalls });
}
