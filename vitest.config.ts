import { join } from "node:path";

import { defineConfig } from "vitest/config";

import { LONG_SUITES } from "./test/long-suites.ts";

/** Where `.ci/run` wants the results as JSON, beside what is printed. */
const report = process.env.TRACEGATE_TEST_REPORT;

export default defineConfig({
  // Configurations import the package by its name, which resolves to what is built; here it is the source.
  resolve: {
    alias: [{ find: /^tracegate$/, replacement: join(import.meta.dirname, "src/index.ts") }],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/interop/**", "test/traffic/**", ...LONG_SUITES],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: "forks",
    // More than there are cores of a small machine: many tests wait for processes, timers and browsers.
    maxWorkers: 3,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
  },
});
