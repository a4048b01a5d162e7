import type { Client } from "./client.ts";

/** The clients from PyPI. To add one: a program in `python/`, and an entry here. */
export const pythonClients: readonly Client[] = [];
