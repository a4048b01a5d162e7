import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

import { readTrace } from "../../../src/conventions/read-trace.ts";
import type { Trace } from "../../../src/core/trace.ts";
import { jsonToProtobuf } from "../../../src/otlp/json-to-protobuf.ts";
import { logsJsonToProtobuf } from "../../../src/otlp/logs-json-to-protobuf.ts";
import { mergeTraces } from "../../../src/otlp/merge-traces.ts";
import { readSpans } from "../../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../../src/otlp/split-by-trace.ts";
import { splitLogsByTrace } from "../../../src/otlp/split-logs-by-trace.ts";
import { type Leaf, leavesOf } from "./leaves.ts";

/** One trace of a recording, read, and every value that was sent for it. */
export interface RecordedTrace {
  readonly trace: Trace;
  readonly leaves: readonly Leaf[];
}

/** What a recording tells, and what it leaves out; `gaps.json` in a folder of its own has the same form. */
export interface ToldStory {
  readonly story: string;
  readonly shape?: "openai" | "anthropic";
  /** Name of the trace. */
  readonly trace: string;
  /** A text that occurs in this trace only, where several have the name. */
  readonly holding?: string;
  readonly values?: { readonly [field: string]: unknown };
  readonly gaps?: { readonly [field: string]: string };
  /** Attribute whose content is the application's own and proves nothing about the client. */
  readonly outside?: string;
  readonly misreports?: { readonly [field: string]: { readonly value: unknown; readonly why: string } };
}

/** The run of one client. */
export interface Recording {
  readonly client: string;
  readonly folder: string;
  readonly stories: readonly ToldStory[];
}

const BODY = /^\d+-(traces|logs)(?:\.wire)?\.(pb|json)$/;

/** The traces in a folder's bodies, log records joined to their spans. */
export function readRecording(folder: string): readonly RecordedTrace[] {
  const chunks = new Map<string, Uint8Array[]>();
  for (const file of readdirSync(folder).sort()) {
    const [, kind, format] = BODY.exec(file) ?? [];
    if (kind === undefined) continue;
    const raw = readFileSync(join(folder, file));
    const isJson = format === "json";
    const { fragments } =
      kind === "logs"
        ? splitLogsByTrace(isJson ? logsJsonToProtobuf(raw.toString("utf8")) : raw)
        : splitByTrace(isJson ? jsonToProtobuf(raw.toString("utf8")) : raw);
    for (const { traceId, bytes } of fragments) {
      chunks.set(traceId, [...(chunks.get(traceId) ?? []), bytes]);
    }
  }
  return [...chunks.values()].flatMap((parts) => {
    const spans = readSpans(mergeTraces(parts));
    return spans.length > 0 ? [{ trace: readTrace(spans), leaves: leavesOf(spans) }] : [];
  });
}

const FIXTURES = resolve(import.meta.dirname, "../../fixtures/clients");

/** Our own recordings, each with its `gaps.json`; one without is told to tell no story, which fails. */
export function fixtureRecordings(): readonly Recording[] {
  if (!existsSync(FIXTURES)) return [];
  return readdirSync(FIXTURES)
    .map((name) => join(FIXTURES, name))
    .filter((folder) => readdirSync(folder).some((file) => BODY.test(file)))
    .map((folder) => {
      const list = join(folder, "gaps.json");
      // Checked by use: a wrong field name or story fails its test with the list of right ones.
      const {
        client,
        version,
        stories = [],
      } = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : {};
      return { client: `${basename(folder)} (${client}@${version})`, folder, stories };
    });
}
