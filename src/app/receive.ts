import { hostname } from "node:os";

import { messageOf, TracegateError } from "../core/errors.ts";
import { type Receiver, startReceiver } from "../receiver/receiver.ts";
import { noteRefusals } from "./note-refusals.ts";
import { OpenParts } from "./open-parts.ts";
import { openSite, type Site, type SiteOptions } from "./open-site.ts";
import { requireServices } from "./services.ts";

/** A receiver, running in this process. */
export interface Receiving {
  /** Where agents send their traces and logs. */
  readonly url: string;
  /** Where those send them that speak gRPC; null when that is turned off. */
  readonly grpcUrl: string | null;
  /** Where spans wait and are kept, for people. */
  readonly place: string;
  /** Takes nothing new, answers what is under way, closes everything within about this time. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts the half of tracegate that takes traces in: as many of them as are needed, on any machines.
 *
 * @throws TracegateError `config` without REDIS_URL and DATABASE_URL
 */
export async function receive(options: SiteOptions): Promise<Receiving> {
  requireServices(options, "receive");
  const parts = new OpenParts(options.onFault ?? (() => {}));
  try {
    const site = await openSite(options, parts);
    const { url, grpcUrl } = await startReceiving(options, site, parts);
    return { url, grpcUrl, place: site.place, stop: (graceMs) => parts.close(graceMs) };
  } catch (error) {
    await parts.close(0);
    throw error;
  }
}

/** Listens for senders. */
export async function startReceiving(
  { config, environment, onFault = () => {} }: SiteOptions,
  { assembler, store }: Site,
  parts: OpenParts,
): Promise<Receiver> {
  const { host, port, paths, tokenEnv, maxBodyBytes } = config.receiver;
  // Whoever takes any free port has several of these on one machine.
  const { grpcPort = port === 0 ? 0 : 4317 } = config.receiver;
  const token = tokenEnv === undefined ? undefined : environment[tokenEnv];
  if (tokenEnv !== undefined && !token) {
    throw new TracegateError(
      "config",
      `receiver.tokenEnv names ${tokenEnv}, which is not set. Set it to the token that senders show.`,
    );
  }
  const receiver = await startReceiver({
    host,
    port,
    grpcPort: grpcPort === false ? null : grpcPort,
    paths,
    ...(token && { token }),
    limits: { bodyBytes: maxBodyBytes },
    accept: (fragments, receivedAt) => assembler.accept(fragments, receivedAt),
    signal: (traceId) => assembler.signal(traceId),
    onFault: (error) => onFault(`receiving: ${messageOf(error)}`),
  });
  const stopNoting = noteRefusals({
    store,
    receiver: hostname(),
    refused: () => receiver.counts().refused,
    onFault: (error) => onFault(`noting refused requests: ${messageOf(error)}`),
  });
  parts.opened(stopNoting);
  parts.opened(() => receiver.close());
  return receiver;
}
