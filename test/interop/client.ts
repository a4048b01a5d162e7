/** One real client: what is installed, which program is run, and what that program needs to be told. */
export interface Client {
  /** Also the name of its folder below `test/fixtures/clients`. */
  readonly name: string;
  readonly group: "npm" | "python";
  /** What is installed, with exact versions. */
  readonly packages: { readonly [name: string]: string };
  /** The package whose version counts as the client's. Default: the first. */
  readonly package?: string;
  /** Program in the folder of the group. Default: the client's name with the group's ending. */
  readonly program?: string;
  /** Clients with the same set share one installation. Default: the client's name. */
  readonly set?: string;
  /** Environment variables beside the usual ones. */
  readonly variables?: (servers: Servers) => { readonly [name: string]: string };
  /** Whose tokens, ids and texts it tells the story with. Default: `openai`. */
  readonly shape?: "openai" | "anthropic";
  /** Values of the story that are this client's own, by field; for a first recording, whose `gaps.json` then holds them. */
  readonly values?: { readonly [field: string]: unknown };
  /** Part of the short form, which must install in under a minute. */
  readonly short?: true;
  /** Ms for one run of the program. Default 60,000. */
  readonly timeoutMs?: number;
}

/** Where a client finds the model and the receiver. */
export interface Servers {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly model: string;
  /** Base of the OTLP endpoint, without a path. */
  readonly otlp: string;
  /** The same for OTLP/gRPC, where the receiver speaks it. */
  readonly otlpGrpc?: string;
}
