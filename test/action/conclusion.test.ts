import { expect, it } from "vitest";

import { conclude } from "../../src/action/conclusion.ts";

it.each([
  ["pass", "pull-request", 0, "notice", "success"],
  ["pass", "release", 0, "notice", "success"],
  ["block", "pull-request", 1, "error", "failure"],
  ["block", "main", 1, "error", "failure"],
  ["block", "release", 1, "error", "failure"],
  ["inconclusive", "pull-request", 0, "warning", "neutral"],
  ["inconclusive", "main", 0, "warning", "neutral"],
  ["inconclusive", "release", 1, "error", "failure"],
  ["stale", "pull-request", 0, "warning", "neutral"],
  ["stale", "release", 1, "error", "failure"],
] as const)(
  "the verdict %s in mode %s ends with exit code %i, a line of level %s and a check that is a %s",
  (status, mode, exitCode, level, check) => {
    expect(conclude(status, mode)).toEqual({ exitCode, level, check });
  },
);
