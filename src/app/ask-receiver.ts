import { messageOf } from "../core/errors.ts";
import { isObject, parseJson } from "../core/json.ts";

/** What an endpoint said of itself. */
export interface ReceiverAnswer {
  readonly v: 1;
  /** The endpoint as senders set it, without the path of a signal. */
  readonly endpoint: string;
  /**
   * `tracegate`: a receiver of tracegate; `otlp`: something else that takes OTLP/HTTP; `token`: something that wants credentials and is
   * not known to be tracegate; `other`: something else answers; `nothing`: nothing does.
   */
  readonly is: "tracegate" | "otlp" | "token" | "other" | "nothing";
  /** What a tracegate receiver wants of senders: no token, the one that was shown, another one, or one where none was there to show. */
  readonly token: "none" | "accepted" | "refused" | "missing" | null;
  /** True when an export without spans was answered 200. */
  readonly takes: boolean;
  /** What was answered otherwise, or why nothing was. Null: as it should be. */
  readonly said: string | null;
}

/** Options of {@link askReceiver}. */
export interface AskOptions {
  /** Shown only to an endpoint that asks for a token in the words of tracegate. */
  readonly token?: string;
  /** For all requests together, ms. Default 5,000. */
  readonly timeoutMs?: number;
  readonly signal: AbortSignal;
}

/**
 * Asks an OTLP/HTTP endpoint what it is. Stores nothing there: an export without spans, and the completion of a trace with an id that is none.
 *
 * @param endpoint the URL that senders set as OTEL_EXPORTER_OTLP_ENDPOINT; a `/v1/traces` at its end is left out
 */
export async function askReceiver(endpoint: string, options: AskOptions): Promise<ReceiverAnswer> {
  const base = endpoint.replace(/\/+(v1\/traces\/*)?$/, "");
  const ask = new Asker(base, options);
  const said = { v: 1, endpoint: base, token: null, takes: false, said: null } as const;
  try {
    const first = await ask.whatItIs();
    if (first.status === 401 && isOurDemand(first.message)) {
      if (options.token === undefined) return { ...said, is: "tracegate", token: "missing" };
      const second = await ask.whatItIs(options.token);
      if (!isOurRefusal(second)) {
        return { ...said, is: "tracegate", token: "refused", said: sayingOf(second) };
      }
      return { ...said, is: "tracegate", token: "accepted", ...takenBy(await ask.take(options.token)) };
    }
    const taken = takenBy(await ask.take());
    if (isOurRefusal(first)) return { ...said, is: "tracegate", token: "none", ...taken };
    if (taken.takes) return { ...said, is: "otlp", ...taken };
    const is = first.status === 401 || first.status === 403 ? "token" : "other";
    return { ...said, is, ...taken };
  } catch (error) {
    options.signal.throwIfAborted();
    return { ...said, is: "nothing", said: reasonOf(error) };
  }
}

interface Answer {
  readonly status: number;
  /** The `message` of a `google.rpc.Status`, else empty. */
  readonly message: string;
}

/** As much of an answer as is read, bytes. */
const MAX_ANSWER_BYTES = 4096;

class Asker {
  readonly #base: string;
  readonly #signal: AbortSignal;

  constructor(base: string, { signal, timeoutMs = 5_000 }: AskOptions) {
    this.#base = base;
    this.#signal = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  }

  /** Only tracegate has completions, and refuses this one as no trace id. */
  whatItIs(token?: string): Promise<Answer> {
    return this.#post("/v1/traces/doctor/complete", token);
  }

  take(token?: string): Promise<Answer> {
    return this.#post("/v1/traces", token);
  }

  async #post(path: string, token: string | undefined): Promise<Answer> {
    const response = await fetch(`${this.#base}${path}`, {
      method: "POST",
      // A token must not follow a redirection to somebody else.
      redirect: "manual",
      headers: {
        "Content-Type": "application/json",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ resourceSpans: [] }),
      signal: this.#signal,
    });
    const body = parseJson(await beginningOf(response));
    const message = isObject(body) && typeof body.message === "string" ? body.message : "";
    return { status: response.status, message };
  }
}

async function beginningOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    parts.push(part);
    bytes += part.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

function isOurDemand(message: string): boolean {
  return message.startsWith("This receiver wants its token.");
}

function isOurRefusal({ status, message }: Answer): boolean {
  return status === 400 && message.startsWith('"doctor" is not a trace id');
}

function takenBy(answer: Answer): Pick<ReceiverAnswer, "takes" | "said"> {
  return answer.status === 200 ? { takes: true, said: null } : { takes: false, said: sayingOf(answer) };
}

function sayingOf({ status, message }: Answer): string {
  return message === "" ? `HTTP ${status}` : `HTTP ${status}: ${message}`;
}

/** fetch says no more than that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  // Of a name with several addresses the code alone says it; the message is empty.
  const code = isObject(cause) && typeof cause.code === "string" ? cause.code : "";
  return (cause instanceof Error && cause.message) || code || messageOf(error);
}
