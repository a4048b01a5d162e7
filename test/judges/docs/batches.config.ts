import { defineConfig, goalDrift, ruleScorers, safety, tone } from "tracegate";

export default defineConfig({
  scorers: [
    ...ruleScorers,
    safety({ withinMs: 0 }), // at once
    tone({ withinMs: 172_800_000 }), // in two days
    goalDrift(), // does not say
  ],
  judging: {
    withinMs: 86_400_000, // for all that do not say; default: at once
    batches: { gatherMs: 300_000, lookMs: 60_000 }, // the defaults
  },
});
