import { contentHash } from "../core/ids.ts";
import { isObject, type JsonValue, parseJson, stableJson } from "../core/json.ts";
import type { RunSetting } from "../core/verdict.ts";
import { casesToTry } from "./gate-criteria.ts";
import type { GateQuestion } from "./gate-options.ts";
import { DEFAULT_POLICY } from "./gate-policy.ts";

/** What must be equal for trials of two processes to be trials of one run. */
export function settingOf(
  question: Omit<GateQuestion, "history" | "record"> & { readonly task: { readonly identity: string } },
): RunSetting {
  const { dataset, scorers, judgeIdentity, trust = [], severity, commit, version = "unknown" } = question;
  const cases = casesToTry(dataset).map(({ id, input, expected, mustPass, recording }) => {
    return { id, input, expected, mustPass, recording };
  });
  return {
    version,
    commit,
    cases: contentHash(cases),
    scorers: contentHash([
      scorers.map(({ name, version, kind, weight }) => [name, version, kind, ...(weight ? [weight] : [])]),
      judgeIdentity,
      trust,
    ]),
    task: question.task.identity,
    policy: stableJson({ ...DEFAULT_POLICY, ...question.policy, ...severity }),
  };
}

const WORDS: { readonly [Key in Exclude<keyof RunSetting, "policy">]: string } = {
  version: "version of tracegate",
  commit: "commit",
  cases: "set of cases",
  scorers: "set of scorers or judge",
  task: "agent",
};

/** What differs between two settings, in words: `commit (a1b2c3 and d4e5f6)`. Empty when nothing does. */
export function differencesOf(one: RunSetting, other: RunSetting): readonly string[] {
  const keys = ["version", "commit", "cases", "scorers", "task"] as const;
  return [
    ...keys
      .filter((key) => one[key] !== other[key])
      .map((key) => `${WORDS[key]} (${one[key] ?? "unknown"} and ${other[key] ?? "unknown"})`),
    ...differingRules(parseJson(one.policy), parseJson(other.policy)),
  ];
}

function differingRules(one: JsonValue | undefined, other: JsonValue | undefined): readonly string[] {
  if (!isObject(one) || !isObject(other)) return [];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((rule) => stableJson(one[rule]) !== stableJson(other[rule]))
    .map((rule) => `gate.${rule} (${stableJson(one[rule])} and ${stableJson(other[rule])})`);
}
