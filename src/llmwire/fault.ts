/**
 * What can go wrong between a client and a provider, for tests and demos of it.
 *
 * - `status`: an HTTP status with headers (e.g. 429 with `retry-after`) and the provider's error body;
 *   `body` replaces that body as it is
 * - `hang`: the request is taken and never answered
 * - `reset`: the connection is closed before anything is answered
 * - `cut`: half of the reply, then the connection is closed
 * - `broken-json`: status 200 and a body that is not JSON
 */
export type Fault =
  | {
      readonly fault: "status";
      readonly status: number;
      readonly headers?: { readonly [name: string]: string };
      readonly message?: string;
      readonly body?: string;
    }
  | { readonly fault: "hang" }
  | { readonly fault: "reset" }
  | { readonly fault: "cut" }
  | { readonly fault: "broken-json" };
