import { MemoryLimiter } from "../../src/store/memory-limiter.ts";
import { limiterContract } from "../contracts/limiter.ts";

limiterContract("MemoryLimiter", async () => {
  let limiter: MemoryLimiter | undefined;
  return {
    open: async (rules, clock) => {
      limiter ??= new MemoryLimiter(rules, clock);
      return limiter;
    },
    remove: async () => limiter?.close(),
  };
});
