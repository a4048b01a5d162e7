import { hostname } from "node:os";

import { startReceiver } from "../receiver/receiver.ts";
import { noteRefusals } from "./note-refusals.ts";
import { OpenParts } from "./open-parts.ts";
import { openSite, type Site, type SiteOptions } from "./open-site.ts";
import { Operations } from "./operations.ts";
import { requireServices } from "./services.ts";
import { tellThrown } from "./site-events.ts";
import { tokenNamed } from "./token-named.ts";

/** A receiver, running in this process. */
export interface Receiving {
  /** Where agents send their traces and logs. */
  readonly url: string;
  /** Where those send them that speak gRPC; null when that is turned off. */
  readonly grpcUrl: string | null;
  /** Where health and metrics are, beside being where agents send to; null: only there. */
  readonly serverUrl: string | null;
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
    const operations = new Operations(options, "receive");
    const site = await openSite(operations.options, parts);
    operations.watch(site, parts);
    const { url, grpcUrl, serverUrl } = await startReceiving(operations, site, parts);
    return { url, grpcUrl, serverUrl, place: site.place, stop: (graceMs) => parts.close(graceMs) };
  } catch (error) {
    await parts.close(0);
    throw error;
  }
}

/** Listens for senders, and for whoever wants to know how the process is. */
export async function startReceiving(
  operations: Operations,
  site: Site,
  parts: OpenParts,
): Promise<Pick<Receiving, "url" | "grpcUrl" | "serverUrl">> {
  const { config, environment, onFault = () => {} } = operations.options;
  const { assembler, store } = site;
  const pages = operations.pages(site);
  const { host, port, paths, tokenEnv, maxBodyBytes } = config.receiver;
  // Whoever takes any free port has several of these on one machine.
  const { grpcPort = port === 0 ? 0 : 4317 } = config.receiver;
  const token = tokenNamed("receiver.tokenEnv", tokenEnv, environment);
  const receiver = await startReceiver({
    host,
    port,
    grpcPort: grpcPort === false ? null : grpcPort,
    paths,
    ...(token && { token }),
    limits: { bodyBytes: maxBodyBytes },
    accept: (fragments, receivedAt) => assembler.accept(fragments, receivedAt),
    signal: (traceId) => assembler.signal(traceId),
    feedback: (labels) => store.saveLabels(labels),
    pages,
    onFault: (error) => tellThrown(onFault, "receiver", "receiving", error),
  });
  const stopNoting = noteRefusals({
    store,
    receiver: hostname(),
    refused: () => receiver.counts().refused,
    onFault: (error) => tellThrown(onFault, "store", "noting refused requests", error),
  });
  parts.opened(stopNoting);
  parts.opened(() => receiver.close());
  operations.follow(() => receiver.counts());
  const serverUrl = await operations.listen(pages, parts);
  return { url: receiver.url, grpcUrl: receiver.grpcUrl, serverUrl };
}
