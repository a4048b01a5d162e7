import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

import type { SpanEvent } from "../../src/core/span.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";

/** A score as it arrived in an evaluation event. */
export interface ArrivedScore {
  /** `tracegate.score.id`. */
  readonly id: string;
  readonly name: string;
  /** Everything a backend would keep of it. */
  readonly content: string;
  /** Why it has no value; null when it has one. */
  readonly unscored: string | null;
}

/** One request that the sink has taken. Times in Unix ms. */
export interface SinkDelivery {
  readonly traceId: string;
  /** Start of a worker, e.g. `work-2.3`. */
  readonly worker: string;
  readonly takenAt: number;
  /** Hash of the bytes. */
  readonly content: string;
  readonly scores: readonly ArrivedScore[];
}

/** An OTLP backend that keeps what it was sent and can be away. */
export interface CountingSink {
  readonly url: string;
  /** Those answered with 200, in order. */
  readonly deliveries: readonly SinkDelivery[];
  /** Requests it did not take while it was away. */
  readonly refused: number;
  /** Breaks every connection and answers 503 in turns. */
  goAway(): void;
  comeBack(): void;
  close(): Promise<void>;
}

/** Options of {@link startCountingSink}. */
export interface CountingSinkOptions {
  /** A request has arrived, and is not answered yet. */
  readonly onDelivering: (worker: string) => void;
  /** The 200 has left. */
  readonly onDelivered: (delivery: SinkDelivery) => void;
}

/** Starts it on loopback. Workers show their name in the header `x-worker`. */
export async function startCountingSink(options: CountingSinkOptions): Promise<CountingSink> {
  const deliveries: SinkDelivery[] = [];
  let isAway = false;
  let refused = 0;
  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    const bytes = await buffer(incoming);
    if (isAway) {
      refused += 1;
      if (refused % 2 === 0) response.destroy();
      else response.writeHead(503).end();
      return;
    }
    const worker = String(incoming.headers["x-worker"] ?? "");
    options.onDelivering(worker);
    const delivery = { worker, takenAt: Date.now(), ...read(bytes) };
    deliveries.push(delivery);
    response.once("close", () => options.onDelivered(delivery));
    response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
  };
  const server = createServer((incoming, response) => {
    // A worker that is killed while it sends has delivered nothing.
    take(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    deliveries,
    get refused() {
      return refused;
    },
    goAway: () => {
      isAway = true;
    },
    comeBack: () => {
      isAway = false;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function read(bytes: Buffer): Pick<SinkDelivery, "traceId" | "content" | "scores"> {
  const spans = readSpans(bytes);
  const events = spans.flatMap(({ events: all }) =>
    all.filter(({ name }) => name === "gen_ai.evaluation.result"),
  );
  return {
    traceId: spans[0]?.traceId ?? "",
    content: createHash("sha256").update(bytes).digest("hex"),
    scores: events.map(scoreOf),
  };
}

function scoreOf({ attributes }: SpanEvent): ArrivedScore {
  const unscored = attributes["tracegate.unscored"];
  return {
    id: String(attributes["tracegate.score.id"]),
    name: String(attributes["gen_ai.evaluation.name"]),
    content: JSON.stringify(attributes),
    unscored: typeof unscored === "string" ? unscored : null,
  };
}
