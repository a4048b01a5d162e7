import type { Client } from "./client.ts";
import { npmClients } from "./clients-npm.ts";
import { pythonClients } from "./clients-python.ts";

/** Every client that is run for real. */
export const clients: readonly Client[] = [...npmClients, ...pythonClients];
