import type { CallFailure } from "./no-answer.ts";

type ErrorClass<Fields = object> = abstract new (...given: never[]) => Error & Fields;

/** The error classes that both SDKs have under the same names. */
interface SdkErrors {
  readonly APIUserAbortError: ErrorClass;
  readonly APIConnectionTimeoutError: ErrorClass;
  readonly APIConnectionError: ErrorClass;
  readonly APIError: ErrorClass<{ readonly status: unknown; readonly headers: unknown }>;
}

/** Tells an SDK's exceptions apart; undefined for what no provider did, which is a fault of ours. */
export function sdkFailure(sdk: SdkErrors, error: unknown): CallFailure | undefined {
  if (error instanceof sdk.APIUserAbortError) return { kind: "aborted" };
  if (error instanceof sdk.APIConnectionTimeoutError) return { kind: "timed-out" };
  if (error instanceof sdk.APIConnectionError) return { kind: "connection", message: causeOf(error) };
  if (error instanceof sdk.APIError && typeof error.status === "number") {
    const headers = error.headers instanceof Headers ? error.headers : undefined;
    return {
      kind: "status",
      status: error.status,
      headers,
      words: wordsOf(error),
      message: sentenceOf(error),
    };
  }
  // A reply that broke off or is not JSON: fetch and JSON.parse throw these, and no class of an SDK covers them.
  const isBroken = error instanceof SyntaxError || error instanceof TypeError;
  return isBroken ? { kind: "connection", message: `unreadable reply, ${causeOf(error)}` } : undefined;
}

/** Code and type of the error's body, which both SDKs put beside it. */
function wordsOf(error: Error): readonly string[] {
  return ["code", "errorCode", "type"].flatMap((name) => {
    const word: unknown = Reflect.get(error, name);
    return typeof word === "string" && word !== "" ? [word] : [];
  });
}

/** Anthropic's SDK puts status and body into the message, and the provider's sentence beside it. */
function sentenceOf(error: Error): string {
  return "apiMessage" in error && typeof error.apiMessage === "string" ? error.apiMessage : error.message;
}

/** The sentence of an error, with that of its cause, where the reason usually stands. */
function causeOf(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
