import type { ServerResponse } from "node:http";

import type { Fault } from "./fault.ts";
import type { WireCodec } from "./wire-codec.ts";

/** Does to a connection what a fault says. */
export function sendFault(response: ServerResponse, error: WireCodec["error"], fault: Fault): void {
  switch (fault.fault) {
    case "hang":
      return;
    case "reset":
      response.destroy();
      return;
    case "cut":
      // The length promises more than is sent, so that the client sees a broken connection, not a short body.
      response.writeHead(200, { "content-type": "application/json", "content-length": "4096" });
      response.write('{"id":"cut', () => response.destroy());
      return;
    case "broken-json":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"id":"broken","choices":[');
      return;
    case "status":
      response.writeHead(fault.status, { "content-type": "application/json", ...fault.headers });
      response.end(faultBody(error, fault));
  }
}

/** The body of a fault of kind `status`. */
export function faultBody(error: WireCodec["error"], fault: Fault & { readonly fault: "status" }): string {
  const message = fault.message ?? `simulated HTTP ${fault.status}`;
  return fault.body ?? JSON.stringify(error(fault.status, message));
}
