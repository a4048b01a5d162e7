import { defineConfig } from "tracegate";

export default defineConfig({
  judging: {
    limits: {
      share: 0.5, // of what the provider allows; default 0.99
      requestsPerMinute: 500, // at the most; default: what the provider says
      tokensPerMinute: 200_000,
      holdMs: 20_000, // a call that must wait longer gives its slot back and comes again
    },
  },
});
