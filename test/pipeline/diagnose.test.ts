import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { readObservations } from "../../src/app/read-traces.ts";
import { readTrace } from "../../src/conventions/read-trace.ts";
import type { Attributes } from "../../src/core/span.ts";
import { groundedness } from "../../src/judges/built-in/groundedness.ts";
import { instructionFollowing } from "../../src/judges/built-in/instruction-following.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { Diagnosis, diagnose, type Finding } from "../../src/pipeline/diagnose/diagnose.ts";
import { rules } from "../../src/pipeline/diagnose/rules.ts";
import { ruleScorers } from "../../src/scorers/index.ts";
import { type OtlpSketch, otlp, type SpanSketch } from "../../src/testing/spans.ts";

const J = JSON.stringify;
const question = { role: "user", parts: [{ type: "text", content: "Where is A-17?" }] };
const call = { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "get_order", arguments: {} }] };
const answer = { role: "assistant", parts: [{ type: "text", content: "On its way." }] };

/** What is said of a span beside what a sound one says; null takes an attribute away. */
type Change = { readonly [name: string]: Attributes[string] };

function changed(attributes: Change, change: Change): Attributes {
  const entries = Object.entries({ ...attributes, ...change }).filter(([, value]) => value !== null);
  return Object.fromEntries(entries);
}

function chat(change: Change = {}, more: Partial<SpanSketch> = {}): SpanSketch {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": 20,
    "gen_ai.usage.output_tokens": 5,
    "gen_ai.system_instructions": J([{ type: "text", content: "Be kind." }]),
    "gen_ai.input.messages": J([question]),
    "gen_ai.output.messages": J([answer]),
  };
  return { name: "chat gpt-4o", kind: "client", attributes: changed(attributes, change), ...more };
}

function tool(change: Change = {}): SpanSketch {
  const attributes = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "get_order",
    "gen_ai.tool.call.id": "c",
    "gen_ai.tool.call.arguments": "{}",
    "gen_ai.tool.call.result": J("on its way"),
  };
  return { name: "execute_tool get_order", attributes: changed(attributes, change) };
}

function agent(
  children: readonly SpanSketch[],
  change: Change = {},
  more: Partial<SpanSketch> = {},
): SpanSketch {
  const attributes = {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "desk",
    "gen_ai.conversation.id": "s-1",
    "user.id": "u-1",
    "agent.outcome": "resolved",
    "gen_ai.input.messages": J([question]),
    "gen_ai.output.messages": J([answer]),
    "tracegate.trace.complete": true,
  };
  return { name: "invoke_agent desk", attributes: changed(attributes, change), children, ...more };
}

const SOUND: SpanSketch = agent([chat({ "gen_ai.output.messages": J([call]) }), tool(), chat()]);
const RESOURCE = { "service.version": "1.0.0" };

let lastTrace = 0;

function observe(...spans: readonly SpanSketch[]) {
  return observeSketch({ spans });
}

function observeSketch(sketch: Omit<OtlpSketch, "traceId">) {
  lastTrace += 1;
  const traceId = lastTrace.toString(16).padStart(32, "0");
  const spans = readSpans(otlp({ resource: RESOURCE, ...sketch, traceId }));
  return { trace: readTrace(spans), spans };
}

/** Spans in which each rule finds what it looks for. */
const LACKING: { readonly [code: string]: readonly SpanSketch[] } = {
  "no-agent-spans": [{ name: "GET /", kind: "server", attributes: { "http.request.method": "GET" } }],
  "double-instrumentation": [
    agent([chat({}, { scope: "one", children: [chat({}, { scope: "com.anthropic.sdk.typescript" })] })]),
  ],
  "old-conventions": [agent([chat({ "gen_ai.provider.name": null, "gen_ai.system": "openai" })])],
  "attributes-dropped": [agent([chat({}, { droppedAttributes: 12 })])],
  "hand-rolled-names": [
    {
      name: "run",
      attributes: { "llm.model": "gpt-4o", "llm.prompt_tokens": 3, "llm.completion_tokens": 4 },
    },
  ],
  "content-off": [agent([chat({ "gen_ai.input.messages": null, "gen_ai.output.messages": null })])],
  "content-in-logs": [
    agent([
      chat(
        { "gen_ai.input.messages": null, "gen_ai.output.messages": null },
        { scope: "@opentelemetry/instrumentation-openai" },
      ),
    ]),
  ],
  "content-partial": [
    agent([chat(), chat({ "gen_ai.input.messages": null, "gen_ai.output.messages": null })]),
  ],
  "output-missing": [agent([chat({ "gen_ai.output.messages": null })])],
  "input-missing": [agent([chat({ "gen_ai.input.messages": null })], { "gen_ai.input.messages": null })],
  "tool-results-missing": [agent([chat(), tool({ "gen_ai.tool.call.result": null })])],
  "tool-arguments-missing": [agent([chat(), tool({ "gen_ai.tool.call.arguments": null })])],
  "documents-missing": [
    agent([chat(), { name: "retrieval", attributes: { "gen_ai.operation.name": "retrieval" } }]),
  ],
  "system-instructions-missing": [agent([chat({ "gen_ai.system_instructions": null })])],
  "content-cut": [
    agent([chat({ "anthropic.content.truncated": true }, { scope: "com.anthropic.sdk.typescript" })]),
  ],
  "text-under-unknown-names": [
    agent([chat({ "gen_ai.output.messages": null })], {
      "gen_ai.output.messages": null,
      "shop.reply": "Your order is on its way and will come tomorrow morning.",
    }),
  ],
  "mcp-context-broken": [
    SOUND,
    {
      name: "tools/call get_order",
      kind: "server",
      parentSpanId: null,
      attributes: { "mcp.method.name": "tools/call", "gen_ai.tool.name": "get_order" },
    },
  ],
  "hand-off-broken": [SOUND, agent([chat()], { "gen_ai.agent.name": "refunds" }, { kind: "server" })],
  "root-missing": [agent([], {}, { parentSpanId: "00000000000000ff" })],
  "several-roots": [SOUND, { name: "later", attributes: {} }],
  "parent-missing": [SOUND, { name: "later", parentSpanId: "00000000000000ff", attributes: {} }],
  "parent-cycle": [
    SOUND,
    { name: "a", spanId: "00000000000000aa", parentSpanId: "00000000000000bb" },
    { name: "b", spanId: "00000000000000bb", parentSpanId: "00000000000000aa" },
  ],
  "span-not-ended": [agent([chat({}, { endTime: 0 })])],
  "clock-skew": [agent([chat({}, { startTime: Date.UTC(2025, 0, 1), endTime: Date.UTC(2025, 0, 1) + 5 })])],
  "usage-missing": [agent([chat({ "gen_ai.usage.input_tokens": null, "gen_ai.usage.output_tokens": null })])],
  "usage-partial": [
    agent([chat(), chat({ "gen_ai.usage.input_tokens": null, "gen_ai.usage.output_tokens": null })]),
  ],
  "tokens-estimated": [
    agent([
      chat({}, { scope: "@traceloop/instrumentation-openai" }),
      chat(
        { "gen_ai.usage.input_tokens": null, "gen_ai.usage.output_tokens": null },
        { scope: "@traceloop/instrumentation-openai" },
      ),
    ]),
  ],
  "usage-aggregate-only": [
    agent([tool()], { "gen_ai.usage.input_tokens": 40, "gen_ai.usage.output_tokens": 10 }),
  ],
  "model-missing": [agent([chat({ "gen_ai.request.model": null })])],
  "model-unpriced": [agent([chat({ "gen_ai.request.model": "made-up-model" })])],
  "finish-reason-missing": [agent([chat({ "gen_ai.response.finish_reasons": null })])],
  "user-missing": [agent([chat()], { "user.id": null })],
  "session-missing": [agent([chat()], { "gen_ai.conversation.id": null })],
  "outcome-missing": [agent([chat()], { "agent.outcome": null })],
  "agent-name-missing": [chat({ "tracegate.trace.complete": true })],
  "completion-signal-missing": [agent([chat()], { "tracegate.trace.complete": null })],
};

const codesOf = (findings: readonly Finding[]) => findings.map((finding) => finding.code);

describe("the diagnosis", () => {
  it("has nothing to say of a trace that has everything", () => {
    expect(diagnose([observe(SOUND)]).findings).toEqual([]);
  });

  it.each(Object.entries(LACKING))("finds %s", (code, spans) => {
    const found = diagnose([observe(...spans)]).findings.find((finding) => finding.code === code);
    expect(found).toMatchObject({ traces: 1, of: 1 });
    expect(found?.mend.length).toBeGreaterThan(0);
    expect(found?.examples).toHaveLength(1);
  });

  it("finds services without a name or a version, and attributes that cannot be decoded", () => {
    const unnamed = observeSketch({ spans: [SOUND], service: "unknown_service:node", resource: {} });
    expect(codesOf(diagnose([unnamed]).findings)).toEqual(["agent-version-missing", "service-name-missing"]);
    const sound = observe(SOUND);
    const issue = { code: "attributes-unreadable" as const, message: "", spanIds: ["0000000000000002"] };
    const quality = { ...sound.trace.quality, issues: [issue] };
    const broken = { ...sound, trace: { ...sound.trace, quality } };
    expect(codesOf(diagnose([broken]).findings)).toEqual(["attributes-unreadable"]);
  });

  it("finds agents that were called and never seen", () => {
    const sound = observe(SOUND);
    for (const [code, finding] of [
      ["lost-hand-off", "hand-off-lost"],
      ["remote-agent-unseen", "remote-agent-unseen"],
    ] as const) {
      const quality = { ...sound.trace.quality, issues: [{ code, message: "", spanIds: [] }] };
      expect(codesOf(diagnose([{ ...sound, trace: { ...sound.trace, quality } }]).findings)).toEqual([
        finding,
      ]);
    }
  });

  it("has a test for every rule", () => {
    const elsewhere = [
      "attributes-unreadable",
      "agent-version-missing",
      "service-name-missing",
      "hand-off-lost",
      "remote-agent-unseen",
    ];
    const tested = [...Object.keys(LACKING), ...elsewhere];
    expect(rules.map((rule) => rule.code).sort()).toEqual(tested.sort());
  });

  it("names only scorers that there are", () => {
    const names = new Set([...ruleScorers, groundedness(), instructionFollowing()].map(({ name }) => name));
    expect(rules.flatMap((rule) => rule.blinds).filter((name) => !names.has(name))).toEqual([]);
  });

  it("counts the traces in which a finding could show, and gives three of them", () => {
    const traces = [
      observe(SOUND),
      ...Array.from({ length: 4 }, () => observe(...(LACKING["user-missing"] ?? []))),
    ];
    const [finding] = diagnose([...traces, observe(...(LACKING["no-agent-spans"] ?? []))]).findings.filter(
      ({ code }) => code === "user-missing",
    );
    expect(finding).toMatchObject({ traces: 4, of: 5 });
    expect(finding?.examples.map(({ traceId }) => traceId)).toEqual(
      traces.slice(1, 4).map(({ trace }) => trace.traceId),
    );
  });

  it("takes what shows in fewer than one trace in twenty a step less seriously", () => {
    const diagnosis = new Diagnosis();
    const sound = observe(SOUND);
    const [spans = []] = [LACKING["content-off"]];
    diagnosis.add(observe(...spans));
    for (let count = 0; count < 19; count++) diagnosis.add(sound);
    expect(diagnosis.report().findings).toMatchObject([{ code: "content-off", severity: "serious" }]);
    diagnosis.add(sound);
    expect(diagnosis.report().findings).toMatchObject([{ code: "content-off", severity: "warning" }]);
  });

  it("says what to do by the instrumentation that made the spans", () => {
    const silent = { "gen_ai.input.messages": null, "gen_ai.output.messages": null };
    const scopes = ["com.anthropic.sdk.typescript", "@traceloop/instrumentation-openai", "ai", "mine"];
    const { findings } = diagnose([observe(agent(scopes.map((scope) => chat(silent, { scope }))))]);
    const mend = findings.find(({ code }) => code === "content-off")?.mend ?? [];
    expect(mend.map(({ instrumentations }) => instrumentations)).toEqual(scopes.map((scope) => [scope]));
    expect(mend.map(({ advice }) => /[A-Z_]{12,}|recordInputs|gen_ai/.exec(advice)?.[0])).toEqual([
      "ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE",
      "TRACELOOP_TRACE_CONTENT",
      "recordInputs",
      "gen_ai",
    ]);
  });

  it("tells which models have no price and which names nobody knows", () => {
    const { findings } = diagnose([
      observe(...(LACKING["model-unpriced"] ?? [])),
      observe(...(LACKING["text-under-unknown-names"] ?? [])),
    ]);
    const named = findings.filter(({ names }) => names.length > 0).map(({ code, names }) => [code, ...names]);
    expect(named).toEqual([
      ["text-under-unknown-names", "shop.reply"],
      ["model-unpriced", "made-up-model"],
    ]);
  });

  it("does not ask for the result of a call that the run ended with", () => {
    const last = observe(agent([chat({ "gen_ai.output.messages": J([call]) })]));
    expect(last.trace.toolCalls).toHaveLength(1);
    expect(diagnose([last]).findings).toEqual([]);
  });
});

const CAPTURES = join(import.meta.dirname, "../../../shared/captures");

describe.skipIf(!existsSync(CAPTURES))(
  "the diagnosis of recorded clients (skipped without ../shared)",
  () => {
    const diagnoseFiles = async (...files: readonly string[]) => {
      const diagnosis = new Diagnosis();
      const signal = new AbortController().signal;
      const onProblem = (problem: string) => {
        throw new Error(problem);
      };
      const paths = files.map((file) => join(CAPTURES, file));
      for await (const one of readObservations({ files: paths, signal, onProblem })) diagnosis.add(one);
      return diagnosis.report();
    };

    it.each([
      [
        "@anthropic-ai/sdk@1.10.0/native-default-proto/001-traces.pb",
        ["content-off", "tool-results-missing"],
      ],
      ["@anthropic-ai/sdk@1.10.0/native-content-proto/001-traces.pb", []],
      ["@opentelemetry/instrumentation-openai@0.22.0/proto/001-traces.pb", ["content-in-logs"]],
      ["@langfuse/otel+openai@5.11.1/proto/001-traces.wire.json", []],
    ])("of %s is serious about the right things", async (file, codes) => {
      const { findings } = await diagnoseFiles(file);
      const serious = findings.filter(({ severity }) => severity === "serious");
      expect(codesOf(serious)).toEqual(codes);
    });

    it("sees the text once its log records have arrived", async () => {
      const folder = "@opentelemetry/instrumentation-openai@0.22.0/proto";
      const { findings } = await diagnoseFiles(`${folder}/001-traces.pb`, `${folder}/002-logs.decoded.json`);
      expect(codesOf(findings)).not.toContain("content-in-logs");
    });

    it("sees two instrumentations on one client", async () => {
      const { findings } = await diagnoseFiles("@traceloop/node-server-sdk@0.27.0/proto/001-traces.pb");
      const found = findings.find(({ code }) => code === "double-instrumentation");
      expect(found?.mend.flatMap(({ instrumentations }) => instrumentations)).toEqual([
        "com.anthropic.sdk.typescript 0.137.0",
        "@traceloop/instrumentation-anthropic 0.27.0",
      ]);
    });
  },
);
