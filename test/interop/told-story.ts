import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { RecordedTrace, ToldStory } from "../conventions/golden/recording.ts";
import { stories } from "../conventions/golden/stories.ts";
import type { Client } from "./client.ts";

const STORY = "tool-loop";

/** The story that a client's run is held against, as its `gaps.json` has it; without one, what the largest trace is expected to tell. */
export async function readToldStory(
  client: Client,
  folder: string,
  traces: readonly RecordedTrace[],
): Promise<ToldStory | undefined> {
  const path = join(folder, "gaps.json");
  const listed: readonly ToldStory[] = existsSync(path)
    ? JSON.parse(await readFile(path, "utf8")).stories
    : [];
  const told = listed.find(({ story }) => story === STORY);
  const own = client.values && { values: client.values };
  if (told) return { ...told, ...own };
  const main = traces.toSorted((a, b) => b.trace.llmCalls.length - a.trace.llmCalls.length)[0];
  if (!main) return undefined;
  const shape = client.shape === undefined ? {} : { shape: client.shape };
  return {
    story: STORY,
    ...shape,
    trace: main.trace.name,
    ...(client.values && { values: client.values }),
    gaps: {},
  };
}

/** Fields whose absence no recorded bytes can show: they are right or wrong, never a gap. */
const NEVER_GAPS = new Set([
  "toolCalls.error",
  "toolCalls.place",
  "llmCalls.count",
  "llmCalls.error",
  "errors",
  "retries",
  "quality.issues",
]);

/**
 * The gap list as the recording shows it: gaps that are closed are gone, and fields that read wrong while nothing of them is among
 * what was sent are added. What was sent and reads wrong stays wrong.
 */
export function renewGaps(told: ToldStory, { trace, leaves }: RecordedTrace): ToldStory {
  const { shape = "openai", values = {}, misreports = {}, gaps = {} } = told;
  const renewed: { [field: string]: string } = {};
  for (const [name, field] of Object.entries(stories[STORY] ?? {})) {
    if (name in values || name in misreports || field.optional) continue;
    const isRight = JSON.stringify(field.read(trace)) === JSON.stringify(field.expected(shape));
    if (isRight || NEVER_GAPS.has(name) || leaves.some((leaf) => field.shows(leaf, shape))) continue;
    renewed[name] = gaps[name] ?? reasonFor(name);
  }
  return { ...told, gaps: renewed };
}

/** Why a field cannot be read, as far as it is the same for every client. */
const REASONS: readonly (readonly [field: RegExp, reason: string])[] = [
  [/^(userId|sessionId|organisationId)$/, "its spans do not say whom the run was for"],
  [/^agent\.name$/, "its spans do not name the agent"],
  [/^systemInstructions$/, "it does not send the system prompt"],
  [/^usage\.cache(Read|Write)Tokens$/, "it sends no count of cached tokens"],
  [/^usage\.reasoningTokens$/, "it sends no count of reasoning tokens"],
  [/^usage\./, "it sends no count of tokens"],
  [/^toolDefinitions\.(description|parameters)$/, "it sends no schema of the tools"],
  [/^toolDefinitions\.name$/, "it does not send the tools that the model was offered"],
  [/^llmCalls\.temperature$/, "it does not send the temperature"],
  [/^llmCalls\.requestModel$/, "it sends only the model that answered"],
  [/^llmCalls\.responseModel$/, "it sends only the model that was asked for"],
  [/^llmCalls\.responseId$/, "it does not send the id of the model's response"],
  [/^llmCalls\.finishReasons$/, "it does not send why the model stopped"],
  [/^toolCalls\.callId$/, "it drops the ids of tool calls"],
];

function reasonFor(field: string): string {
  return REASONS.find(([pattern]) => pattern.test(field))?.[1] ?? "it does not send this";
}

/** Writes the list beside the recording. */
export async function writeToldStory(
  client: Client,
  folder: string,
  told: ToldStory,
  versions: { readonly [name: string]: string },
): Promise<void> {
  const name = (client.package ?? Object.keys(client.packages)[0] ?? client.name).replace(/\[.*\]$/, "");
  const text = JSON.stringify({ client: name, version: versions[name], stories: [told] }, null, 2);
  await writeFile(join(folder, "gaps.json"), `${text}\n`);
}
