import { expect, it } from "vitest";

import { conclude } from "../../src/action/conclusion.ts";

it.each([
  ["pass", "pull-request", 0, "notice"],
  ["pass", "release", 0, "notice"],
  ["block", "pull-request", 1, "error"],
  ["block", "main", 1, "error"],
  ["block", "release", 1, "error"],
  ["inconclusive", "pull-request", 0, "warning"],
  ["inconclusive", "main", 0, "warning"],
  ["inconclusive", "release", 1, "error"],
  ["stale", "pull-request", 0, "warning"],
  ["stale", "release", 1, "error"],
] as const)(
  "the verdict %s in mode %s ends with exit code %i and a line of level %s",
  (status, mode, exitCode, level) => {
    expect(conclude(status, mode)).toEqual({ exitCode, level });
  },
);
