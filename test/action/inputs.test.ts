import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

import { readInputs } from "../../src/action/inputs.ts";

const workspace = resolve("/workspace");
const read = (
  inputs: { readonly [name: string]: string } = {},
  kind: "change" | "default-branch" | "release" | "other" = "change",
) => readInputs({ GITHUB_WORKSPACE: workspace, ...inputs }, { kind });

describe("the action's inputs", () => {
  it("take what is left out from the event", () => {
    expect(read()).toEqual({
      mode: "pull-request",
      record: false,
      workingDirectory: workspace,
      comment: true,
      check: true,
    });
    expect(read({}, "default-branch")).toMatchObject({ mode: "main", record: true });
    expect(read({}, "release")).toMatchObject({ mode: "release", record: false });
    expect(read({}, "other")).toMatchObject({ mode: "pull-request", record: false });
  });

  it("are read as the runner sets them: trimmed, empty when not given", () => {
    expect(
      read({
        INPUT_CONFIG: " evals/a.config.ts\n",
        INPUT_DATASET: "",
        INPUT_MODE: "release",
        INPUT_RECORD: "True",
        "INPUT_WORKING-DIRECTORY": "packages/agent",
        INPUT_TOKEN: "ghs_abc",
        INPUT_COMMENT: "false",
        INPUT_CHECK: "FALSE",
        INPUT_PUBLISH: "report.json",
      }),
    ).toEqual({
      config: "evals/a.config.ts",
      mode: "release",
      record: true,
      workingDirectory: resolve(workspace, "packages/agent"),
      token: "ghs_abc",
      comment: false,
      check: false,
      publish: resolve(workspace, "packages/agent/report.json"),
    });
  });

  it("of a part ask for no comment and no check, because it has no verdict to tell", () => {
    expect(read({ INPUT_SHARD: "2/5", INPUT_COMMENT: "true" })).toMatchObject({
      share: { index: 2, of: 5 },
      comment: false,
      check: false,
    });
    expect(() => read({ INPUT_SHARD: "6/5" })).toThrow(
      'input shard must be a part and the number of parts such as 2/5, or be left out (found "6/5").',
    );
  });

  it("of a merge are paths, one per line, and exclude a part", () => {
    expect(read({ INPUT_MERGE: " parts\n\n more/5.json \n" })).toMatchObject({
      merge: ["parts", "more/5.json"],
      comment: true,
    });
    expect(() => read({ INPUT_MERGE: "parts", INPUT_SHARD: "1/2" })).toThrow(
      "shard and merge exclude each other",
    );
  });

  it("say which one is wrong, what was found and what is allowed", () => {
    expect(() => read({ INPUT_MODE: "prod", INPUT_RECORD: "yes" })).toThrow(
      'The action\'s inputs are wrong: input mode must be pull-request, main or release, or be left out (found "prod"). input record must be true or false, or be left out (found "yes").',
    );
  });

  it.each(["../other", "/etc", "a/../../b"])(
    "refuse a working directory outside the workspace: %s",
    (path) => {
      expect(() => read({ "INPUT_WORKING-DIRECTORY": path })).toThrow("must lie in the workspace");
    },
  );
});
