import { startModelServer } from "../../src/testing/index.ts";
import { simulatedModel } from "./simulated-model.ts";

/** Starts a model server of our own for this process and returns its URL. */
export async function startStandIn(): Promise<string> {
  const server = await startModelServer({ reply: simulatedModel });
  return server.url;
}
