import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

import type { StoryFields } from "./field.ts";
import {
  fixtureRecordings,
  type RecordedTrace,
  type Recording,
  readRecording,
  type ToldStory,
} from "./recording.ts";
import { captureRecordings } from "./recordings.ts";
import { stories } from "./stories.ts";

const CAPTURES = resolve(import.meta.dirname, "../../../../shared/captures");
const hasCaptures = existsSync(CAPTURES);

/** The trace that a story is about. */
function find(recording: Recording, told: ToldStory): RecordedTrace {
  const all = readRecording(recording.folder);
  const found = all.filter(
    ({ trace, leaves }) =>
      trace.name === told.trace &&
      (told.holding === undefined || leaves.some(({ value }) => String(value).includes(told.holding ?? ""))),
  );
  const [only] = found;
  const names = all.map(({ trace }) => trace.name).join(", ");
  if (!only || found.length > 1)
    throw new Error(`${found.length} traces fit ${told.trace}; there are: ${names}`);
  return only;
}

/** The fields that a recording answers for, checked for names that are none. */
function fieldsOf(told: ToldStory): StoryFields {
  const fields = stories[told.story];
  if (!fields) throw new Error(`No story ${told.story}; there are: ${Object.keys(stories).join(", ")}`);
  const { values = {}, gaps = {}, misreports = {} } = told;
  const wrong = [values, gaps, misreports].flatMap(Object.keys).filter((name) => !(name in fields));
  if (wrong.length > 0) {
    throw new Error(
      `No field ${wrong.join(", ")} in ${told.story}; there are: ${Object.keys(fields).join(", ")}`,
    );
  }
  const isAsked = (name: string) => name in values || name in gaps || name in misreports;
  return Object.fromEntries(
    Object.entries(fields).filter(([name, field]) => !field.optional || isAsked(name)),
  );
}

function expectedOf(told: ToldStory, name: string, fields: StoryFields): unknown {
  const { values = {}, misreports = {}, shape = "openai" } = told;
  if (name in misreports) return misreports[name]?.value;
  return name in values ? values[name] : fields[name]?.expected(shape);
}

function tellsStory(recording: Recording, told: ToldStory): void {
  const fields = fieldsOf(told);
  const { trace } = find(recording, told);
  const names = Object.keys(fields).filter((name) => !(name in (told.gaps ?? {})));
  const read = Object.fromEntries(names.map((name) => [name, fields[name]?.read(trace)]));
  const expected = Object.fromEntries(names.map((name) => [name, expectedOf(told, name, fields)]));
  expect(read).toEqual(expected);
}

function leavesOut(recording: Recording, told: ToldStory): void {
  const { gaps = {}, misreports = {}, shape = "openai", outside } = told;
  const fields = fieldsOf(told);
  const found = find(recording, told);
  const { trace } = found;
  const leaves = found.leaves.filter(({ path }) => outside === undefined || !path.startsWith(outside));
  for (const name of [...Object.keys(gaps), ...Object.keys(misreports)]) {
    const field = fields[name];
    const right = field?.expected(shape);
    expect(field?.read(trace), `${name} reads as it should: take it off the list`).not.toEqual(right);
    const showing = leaves.filter(
      (leaf) => field?.shows(leaf, shape) && !(name in misreports && isWrong(leaf.value)),
    );
    expect(showing, `${name} was sent after all: read it`).toEqual([]);
  }

  /** A wrong value that was sent shows nothing of the right one. */
  function isWrong(value: unknown): boolean {
    return Object.values(misreports).some((misreport) => [misreport.value].flat().includes(value));
  }
}

function suite(recordings: readonly Recording[]): void {
  describe.each(recordings.map((recording) => ({ name: recording.client, recording })))(
    "$name",
    ({ recording }) => {
      it("tells at least one story", () => {
        expect(recording.stories.length, "gaps.json lists no story").toBeGreaterThan(0);
      });
      it.each(recording.stories)("tells $story ($trace $holding) as everybody does", (told) => {
        tellsStory(recording, told);
      });
      it.each(recording.stories.filter(({ gaps, misreports }) => gaps || misreports))(
        "sends nothing of what $story ($trace $holding) is listed to lack",
        (told) => leavesOut(recording, told),
      );
    },
  );
}

describe.skipIf(!hasCaptures)("recordings of others (needs ../shared/captures)", () => {
  suite(captureRecordings(CAPTURES));
});

describe("our own recordings", () => {
  suite(fixtureRecordings());
});
