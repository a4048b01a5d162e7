import { describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { WireWriter } from "../../src/otlp/wire-writer.ts";
import { otlp, traceOf } from "../../src/testing/spans.ts";

describe("readTrace", () => {
  it("takes revision and completion from its caller", () => {
    expect(traceOf({ spans: [{ name: "a" }] })).toMatchObject({ revision: 1 });
    expect(traceOf({ spans: [{ name: "a" }] })).not.toHaveProperty("completion");
    expect(traceOf({ spans: [{ name: "a" }] }, { revision: 3, completion: "rootless" })).toMatchObject({
      revision: 3,
      completion: "rootless",
    });
  });

  it("refuses no spans, and spans of several traces", () => {
    expect(() => readTrace([])).toThrow(/No spans/);
    const other = otlp({ traceId: "b".repeat(32), spans: [{ name: "b" }] });
    expect(() => readTrace([...readSpans(otlp({ spans: [{ name: "a" }] })), ...readSpans(other)])).toThrow(
      /several traces/,
    );
  });

  it("leaves absent what nobody recorded, and lists it", () => {
    const trace = traceOf({ spans: [{ name: "a" }] });
    for (const field of [
      "input",
      "output",
      "sessionId",
      "userId",
      "outcome",
      "systemInstructions",
      "feature",
    ]) {
      expect(trace).not.toHaveProperty(field);
    }
    expect(trace.quality.missing).toEqual(
      expect.arrayContaining(["input", "output", "messages", "llmCalls", "usage", "cost", "sessionId"]),
    );
    expect(trace).toMatchObject({
      usage: {},
      cost: { unpricedModels: [] },
      retries: null,
      agent: {},
      errors: [],
    });
  });

  it("finds session, user and service wherever they stand", () => {
    const trace = traceOf({
      service: "shop",
      resource: { "service.version": "2", "deployment.environment": "test" },
      spans: [
        { name: "root", children: [{ name: "a", attributes: { "session.id": "s", "enduser.id": "u" } }] },
      ],
    });
    expect(trace).toMatchObject({
      service: { name: "shop", version: "2", environment: "test" },
      agent: { version: "2" },
      sessionId: "s",
      userId: "u",
    });
  });

  it("prefers what the root says about the run", () => {
    const trace = traceOf({
      spans: [
        {
          name: "root",
          attributes: { "session.id": "of the root" },
          children: [{ name: "a", attributes: { "session.id": "of a child" } }],
        },
      ],
    });
    expect(trace.sessionId).toBe("of the root");
  });

  it("says of an error where it happened, not where it passed through", () => {
    const failing = { status: { code: "error", message: "down" } } as const;
    const trace = traceOf({
      spans: [
        {
          name: "root",
          ...failing,
          children: [{ name: "mid", ...failing, children: [{ name: "leaf", ...failing }] }],
        },
      ],
    });
    expect(trace.errors).toEqual([{ spanId: "0000000000000003", type: "_OTHER", message: "down" }]);
  });

  it("survives a span whose attributes cannot be decoded, and reports it", () => {
    const writer = new WireWriter();
    writer.message(1, () => {
      writer.message(2, () => {
        writer.message(2, () => {
          writer.bytes(1, Buffer.from("a".repeat(32), "hex"));
          writer.bytes(2, Buffer.from("b".repeat(16), "hex"));
          writer.string(5, "odd");
          writer.fixed64(8, 1n);
          writer.message(9, () => {
            writer.string(1, "k");
            // An array whose length goes beyond its message.
            writer.bytes(2, Uint8Array.from([0x2a, 0x7f]));
          });
        });
      });
    });
    const trace = readTrace(readSpans(writer.finish()));
    expect(trace.name).toBe("odd");
    expect(trace.quality.issues).toMatchObject([
      { code: "attributes-unreadable", spanIds: ["b".repeat(16)] },
    ]);
  });
});
