import { describe, expect, it } from "vitest";
import { type Message, textMessage } from "../../src/core/message.ts";
import { unsupportedClaim } from "../../src/scorers/unsupported-claim.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";

const score = (sketch: TraceSketch) =>
  unsupportedClaim().score({ trace: makeTrace(sketch) }, { signal: new AbortController().signal });

/** The claims that are found unsupported in an answer after one look-up. */
async function unsupported(result: string, output: string, more: TraceSketch = {}) {
  const given = await score({ toolCalls: [{ name: "look_up", arguments: {}, result }], output, ...more });
  return given.metadata.unsupported;
}

describe("unsupported-claim", () => {
  it("fails an invented number, id, date or time, and says which and where", async () => {
    const given = await score({
      toolCalls: [{ name: "get_order", arguments: {}, result: { id: "A-1001", total: 40.5 } }],
      output: "Order A-1001 for $40.50 ships as T-99812 on May 23 at 4:45 PM for $77.25.",
    });
    expect(given).toMatchObject({ value: 0, label: "unsupported", evidence: ["0000000000000003"] });
    expect(given.metadata.unsupported).toEqual(["May 23", "4:45 PM", "T-99812", "$77.25"]);
    expect(given.explanation).toContain('date "May 23", time "4:45 PM", id "T-99812", number "$77.25"');
  });

  it.each([
    ["as it stands", '{"total": 1126.04}', "It is $1,126.04."],
    ["rounded", '{"total": 1126.04}', "It is about $1,126."],
    ["in other separators", "Total: 1.126,04 EUR", "It is €1,126.04."],
    ["a sum of two", '{"prices": [120.5, 95.25]}', "Together $215.75."],
    ["a difference", '{"old": 842, "new": 245}', "You save $597."],
    ["a product", '{"fare": 136, "passengers": 3}', "All in all $408."],
    ["a product with a quantity that is only a word", "Three nights at 220.0 each", "That is 660.0 in all."],
    ["a percentage of it", "Price 320, discount 10%", "You save $32 and pay $288."],
    ["a share in per cent", '{"used": 45, "limit": 60}', "You have used 75%."],
    ["a total of what is listed beside it", "[244.02, 52.03, 50.88]", "$244.02 + $52.03 + $50.88 = $346.93."],
    ["a total named before its parts", "[244.02, 52.03, 50.88]", "Total $346.93: $244.02, $52.03, $50.88."],
    ["a converted unit", '{"minutes": 210}', "It takes 3.5 hours."],
    ["a card's last digits", "card_77034336", "Your card ending in 4336 is charged."],
    ["a date in another form", '{"on": "2026-05-23"}', "It arrives on May 23."],
    ["a date in another language", "arrives 2026-05-23", "Llega el 23 de mayo."],
    ["the day after", '{"departs": "2026-05-23T23:00:00"}', "You land on May 24, 2026."],
    [
      "some days later, as a rule says",
      "Delivered 2026-05-01. Returns within 60 days.",
      "Until June 30, 2026.",
    ],
    ["a time in another form", '{"at": "14:30:00"}', "At 2:30 PM."],
    ["an id in other marks", "order W1234567", "Order **#W1234567**"],
    ["a phone number in other groups", "phone +51 987-654-321", "Call +51987654321."],
    ["an escaped text inside JSON", '{"note": "caf\\u00e9 45.75"}', "It is 45.75."],
    ["small counts", "[]", "I found 3 flights and 12 hotels."],
    ["a number word", "fifty euros off", "You get $50 off."],
  ])("accepts %s", async (_, result, output) => {
    expect(await unsupported(result, output)).toEqual([]);
  });

  it.each([
    ["another amount of the same size", '{"total": 1126.04}', "It is $1,162.40.", ["$1,162.40"]],
    ["a large amount whose first digits were seen", "87 points, gate 88", "You get $87,869.", ["$87,869"]],
    ["a wrong sum", "[120.5, 95.25]", "Together $217.57.", ["$217.57"]],
    ["digits out of the middle of an id", "order W1234567", "Order W12345", ["W12345"]],
    ["a longer id that begins with a real one", "order W1234567", "Reference W1234567-EX", ["W1234567-EX"]],
    ["another day", '{"on": "2026-05-23"}', "It arrives on May 27.", ["May 27"]],
    ["another year", '{"on": "2026-05-23"}', "It arrived on May 23, 2021.", ["May 23, 2021"]],
    ["another time", '{"at": "14:30"}', "At 3:30 PM.", ["3:30 PM"]],
  ])("refuses %s", async (_, result, output, expected) => {
    expect(await unsupported(result, output)).toEqual(expected);
  });

  it.each<[string, TraceSketch]>([
    ["the user", { input: "I paid $77.25, order T-99812" }],
    ["the instructions", { systemInstructions: "The fee is 77.25. Template T-99812." }],
    ["a retrieved document", { retrievals: [{ documents: [{ content: "T-99812 costs 77.25" }] }] }],
    ["memory", { memoryOperations: [{ records: [{ order: "T-99812", paid: "77.25" }] }] }],
    ["a tool's description", { toolDefinitions: [{ name: "pay", description: "77.25 for T-99812" }] }],
    [
      "the arguments of a call that succeeded",
      { toolCalls: [{ name: "pay", arguments: { id: "T-99812", usd: 77.25 }, result: "ok" }] },
    ],
  ])("takes what %s said as seen", async (_, source) => {
    expect(await unsupported("ok", "T-99812 for $77.25.", source)).toEqual([]);
  });

  it("does not take the agent's own words, its reasoning, or arguments that a tool refused as seen", async () => {
    const messages: readonly Message[] = [
      textMessage("user", "What did I pay?"),
      textMessage("assistant", "You paid $77.25."),
      textMessage("user", "Sure?"),
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "77.25" },
          { type: "text", content: "Yes, $77.25." },
        ],
      },
    ];
    const toolCalls = [{ name: "pay", arguments: { usd: 77.25 }, error: { type: "refused", message: "no" } }];
    expect((await score({ messages, toolCalls })).metadata.unsupported).toEqual(["$77.25"]);
  });

  it("looks at every turn the user got, not at text beside a tool call", async () => {
    const messages: readonly Message[] = [
      textMessage("user", "What did I pay?"),
      {
        role: "assistant",
        parts: [
          { type: "text", content: "Trying 55.55." },
          { type: "tool_call", id: "c", name: "pay" },
        ],
      },
      { role: "tool", parts: [{ type: "tool_result", id: "c", result: "nothing" }] },
      textMessage("assistant", "You paid $77.25."),
      textMessage("user", "Thanks"),
      textMessage("assistant", "You are welcome."),
    ];
    const given = await score({ messages, toolCalls: [{ name: "pay", callId: "c", result: "nothing" }] });
    expect(given.metadata.unsupported).toEqual(["$77.25"]);
  });

  it("has nothing to say of an agent that knows by heart, and of one whose tool results are not recorded", async () => {
    for (const sketch of [
      { output: "Rome has 2.8 million people." },
      { toolCalls: [{ name: "pay" }], output: "$77.25" },
    ]) {
      expect((await score(sketch)).unscored).toEqual({ code: "not-applicable" });
    }
  });

  it("takes the day the run started as known", async () => {
    expect(await unsupported("ok", "Today is January 1, 2026.")).toEqual([]);
  });
});
