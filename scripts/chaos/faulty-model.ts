import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import type { Fault } from "../../src/llmwire/fault.ts";
import { modelEndpoint } from "../../src/llmwire/model-endpoint.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";
import { askedIn } from "./asked-question.ts";
import { isPaid, latencyOf, type Planned, plannedFor, replyOf } from "./model-faults.ts";

/** One call as the provider saw it. Times in Unix ms. */
export interface ModelCall {
  /** Scorer, trace and what was sent, without the number of the fence: calls with the same one ask the same. */
  readonly question: string;
  readonly scorer: string;
  /** Of the trace. */
  readonly number: number;
  /** Start of a worker, e.g. `work-2.3`. */
  readonly worker: string;
  readonly askedAt: number;
  readonly planned: Planned;
  /**
   * When it was replied to; null: never, because it hung or the worker left first. A worker that was killed did not leave:
   * the provider finishes the answer, and bills it.
   */
  repliedAt: number | null;
}

/** A provider that fails as planned, and writes down what it was asked. */
export interface FaultyModel {
  /** For `baseURL`. */
  readonly url: string;
  readonly calls: readonly ModelCall[];
  close(): Promise<void>;
}

/** Options of {@link startFaultyModel}. */
export interface FaultyModelOptions {
  readonly seed: number;
  /** Whether a worker's process was killed. */
  readonly isKilled: (worker: string) => boolean;
  readonly onAsked: (call: ModelCall) => void;
  /** The reply has left. */
  readonly onReplied: (call: ModelCall) => void;
}

/** Starts it on loopback. Workers show their name as API key. */
export async function startFaultyModel(options: FaultyModelOptions): Promise<FaultyModel> {
  const calls: ModelCall[] = [];
  const tries = new Map<string, number>();
  const { seed, isKilled, onAsked, onReplied } = options;

  const answer = async (
    request: ModelRequest,
    authorization: string,
    response: ServerResponse,
  ): Promise<ModelReply | Fault> => {
    const { scorer, number, question } = askedIn(request);
    const about = `${scorer} of trace ${number}`;
    const attempt = (tries.get(about) ?? 0) + 1;
    tries.set(about, attempt);
    const planned = plannedFor(about, attempt, seed);
    const worker = authorization.replace(/^Bearer /, "");
    const call: ModelCall = {
      question,
      scorer,
      number,
      worker,
      askedAt: Date.now(),
      planned,
      repliedAt: null,
    };
    calls.push(call);
    onAsked(call);
    await sleep(latencyOf(planned, about, attempt, seed));
    const left = response.destroyed && !isKilled(worker);
    if (planned === "hang" || left) return { fault: "hang" };
    call.repliedAt = Date.now();
    response.once(isPaid(planned) ? "finish" : "close", () => onReplied(call));
    return replyOf(planned, `Answer ${attempt}, ${about}.`, attempt);
  };

  const server = createServer((incoming, response) => {
    const endpoint = modelEndpoint((request, { headers }) =>
      answer(request, headers.authorization ?? "", response),
    );
    void endpoint(incoming, response, incoming.url ?? "/");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    calls,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
