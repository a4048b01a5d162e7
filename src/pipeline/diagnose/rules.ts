import { contentRules } from "./content-rules.ts";
import { contextRules } from "./context-rules.ts";
import { identityRules } from "./identity-rules.ts";
import type { Rule } from "./rule.ts";
import { setupRules } from "./setup-rules.ts";
import { usageRules } from "./usage-rules.ts";

/** Everything that is looked for, in the order in which findings of one severity are told. */
export const rules: readonly Rule[] = [
  ...setupRules,
  ...contentRules,
  ...contextRules,
  ...usageRules,
  ...identityRules,
];
