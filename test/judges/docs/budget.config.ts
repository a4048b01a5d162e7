import { defineConfig } from "tracegate";

export default defineConfig({
  judging: {
    budget: {
      usdPerDay: 20,
      perScorer: { groundedness: { usdPerDay: 5 } },
      perTenant: { by: "organisationId", tokensPerDay: 2_000_000 },
      ordinaryShare: 0.8,
      carryOver: false,
    },
  },
});
