import { describe, expect, it } from "vitest";

import { exportResponse, rpcCodes, statusResponse } from "../../src/otlp/responses.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe("OTLP responses", () => {
  it("are empty when everything was taken", () => {
    expect(exportResponse("protobuf")).toHaveLength(0);
    expect(text(exportResponse("json"))).toBe("{}");
  });

  it("tell how many spans were rejected and why", () => {
    // partial_success = 1 { rejected_spans = 1 varint 300, error_message = 2 "why" }
    expect(hex(exportResponse("protobuf", { rejected: 300, reason: "why" }))).toBe("0a0808ac021203776879");
    expect(text(exportResponse("json", { rejected: 300, reason: "why" }))).toBe(
      '{"partialSuccess":{"rejectedSpans":"300","errorMessage":"why"}}',
    );
  });

  it("carry a google.rpc.Status on failure", () => {
    expect(hex(statusResponse("protobuf", rpcCodes.invalidArgument, "no"))).toBe("080312026e6f");
    expect(text(statusResponse("json", rpcCodes.resourceExhausted, "later"))).toBe(
      '{"code":8,"message":"later"}',
    );
  });
});
