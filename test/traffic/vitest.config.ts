import { defineConfig } from "vitest/config";

/** Real traffic through real processes: minutes, not seconds, so it is a suite of its own. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["**/*.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 60_000,
    pool: "forks",
    fileParallelism: false,
  },
});
