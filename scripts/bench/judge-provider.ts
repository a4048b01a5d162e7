import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** What the provider is like. Times are simulated ms; `scale` of them pass in one real one. */
export interface ProviderSetting {
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  readonly latencyMs: number;
  /** Share of calls that fail although the limit lets them in: half 429, half 503. */
  readonly faultShare: number;
  readonly scale: number;
}

/** What the provider has seen. */
export interface ProviderCounts {
  /** Calls that the limit let in, those that failed then included. */
  readonly admitted: number;
  readonly tokens: number;
  /** Refused because the limit was used up. */
  readonly avoidable: number;
  readonly faults: number;
}

/** A simulated provider, running. */
export interface SimulatedProvider {
  readonly url: string;
  counts(): ProviderCounts;
  /** How often each question was answered, by its number. */
  readonly answered: ReadonlyMap<number, number>;
  close(): Promise<void>;
}

const MINUTE = 60_000;
/** Not the four that our guess begins with. */
const CHARACTERS_PER_TOKEN = 3.6;
const OUTPUT_TOKENS = 30;

/** Providers hold limits of a minute over shorter times, too: this part of one may be saved up. */
const SAVED_SHARE = 1 / 4;

/** A token bucket as providers have it: full at first, refilled all the time. */
class Bucket {
  readonly #capacity: number;
  readonly #perMs: number;
  #level: number;
  #at = performance.now();

  constructor(perMinute: number, scale: number) {
    this.#capacity = perMinute * SAVED_SHARE;
    this.#level = this.#capacity;
    this.#perMs = (perMinute * scale) / MINUTE;
  }

  get remaining(): number {
    const now = performance.now();
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#perMs);
    this.#at = now;
    return this.#level;
  }

  take(amount: number): void {
    this.#level = this.remaining - amount;
  }

  /** Real ms until so much is there. */
  msUntil(amount: number): number {
    return Math.max(0, amount - this.remaining) / this.#perMs;
  }
}

/** Starts a provider that speaks Chat Completions, with limits, headers, latency and seeded faults. */
export async function startProvider(setting: ProviderSetting): Promise<SimulatedProvider> {
  const provider = new Provider(setting);
  const server = createServer((request, response) => void provider.serve(request, response));
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    counts: () => ({ ...provider.counted }),
    answered: provider.answered,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

class Provider {
  readonly answered = new Map<number, number>();
  readonly counted = { admitted: 0, tokens: 0, avoidable: 0, faults: 0 };
  readonly #setting: ProviderSetting;
  readonly #requests: Bucket;
  readonly #tokens: Bucket;
  #seed = 1;

  constructor(setting: ProviderSetting) {
    this.#setting = setting;
    this.#requests = new Bucket(setting.requestsPerMinute, setting.scale);
    this.#tokens = new Bucket(setting.tokensPerMinute, setting.scale);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const inputTokens = Math.ceil(body.length / CHARACTERS_PER_TOKEN);
    const tokens = inputTokens + OUTPUT_TOKENS;
    const { latencyMs, faultShare, scale } = this.#setting;
    const wait = Math.max(this.#requests.msUntil(1), this.#tokens.msUntil(tokens));
    if (wait > 0) {
      this.counted.avoidable += 1;
      this.#refuse(response, 429, wait);
      return;
    }
    this.#requests.take(1);
    this.#tokens.take(tokens);
    this.counted.admitted += 1;
    this.counted.tokens += tokens;
    const chance = this.#random();
    if (chance < faultShare) {
      this.counted.faults += 1;
      if (chance < faultShare / 2) this.#refuse(response, 429, 1_000 / scale);
      else this.#refuse(response, 503, ownBackoff(request, scale));
      return;
    }
    await sleep(((0.75 + 0.5 * this.#random()) * latencyMs) / scale);
    const number = Number(/question (\d+)/.exec(body)?.[1]);
    this.answered.set(number, (this.answered.get(number) ?? 0) + 1);
    const message = { role: "assistant", content: JSON.stringify(ANSWER) };
    this.#send(response, 200, {
      id: "c",
      object: "chat.completion",
      model: "simulated",
      choices: [{ index: 0, finish_reason: "stop", message }],
      usage: { prompt_tokens: inputTokens, completion_tokens: OUTPUT_TOKENS, total_tokens: tokens },
    });
  }

  /** @param wait real ms; null: nothing is said of it */
  #refuse(response: ServerResponse, status: number, wait: number | null): void {
    if (wait !== null) response.setHeader("retry-after-ms", Math.ceil(wait));
    this.#send(response, status, { error: { message: "Try again.", type: "error", code: null } });
  }

  #send(response: ServerResponse, status: number, body: unknown): void {
    const { requestsPerMinute, tokensPerMinute } = this.#setting;
    response.writeHead(status, {
      "content-type": "application/json",
      "x-ratelimit-limit-requests": requestsPerMinute,
      "x-ratelimit-remaining-requests": Math.floor(this.#requests.remaining),
      "x-ratelimit-reset-requests": `${Math.ceil(this.#requests.msUntil(requestsPerMinute))}ms`,
      "x-ratelimit-limit-tokens": tokensPerMinute,
      "x-ratelimit-remaining-tokens": Math.floor(this.#tokens.remaining),
      "x-ratelimit-reset-tokens": `${Math.ceil(this.#tokens.msUntil(tokensPerMinute))}ms`,
    });
    response.end(JSON.stringify(body));
  }

  /** mulberry32 */
  #random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}

const ANSWER = { rationale: "It did.", evidence: [], label: "yes" };

/**
 * The SDK backs off for 0.5 s, doubling to 8 s, by a clock that nobody can scale; so a client that retries by itself is told its own wait
 * on the scaled clock. Others are told nothing, as by a real 503.
 */
function ownBackoff({ headers }: IncomingMessage, scale: number): number | null {
  if (headers["x-retries-itself"] === undefined) return null;
  const retries = Number(headers["x-stainless-retry-count"] ?? 0);
  return Math.min(500 * 2 ** retries, 8_000) / scale;
}
