/**
 * Suites of whole processes, services and repositories that take half a minute or more each. `npm test` leaves them out and
 * stays under five minutes; `npm run test:long` runs them and nothing else. CI runs both.
 */
export const LONG_SUITES: readonly string[] = [
  "test/app/outages.test.ts",
  "test/cli/gate-history-branch.test.ts",
  "test/cli/gate-resume.test.ts",
  "test/cli/gate-shards.test.ts",
  "test/e2e/batches/**/*.test.ts",
  "test/e2e/control/**/*.test.ts",
  "test/e2e/demands/**/*.test.ts",
  "test/e2e/faults/**/*.test.ts",
  "test/e2e/pressure/**/*.test.ts",
  "test/e2e/privacy/**/*.test.ts",
  "test/e2e/regression/**/*.test.ts",
  "test/e2e/sampling/**/*.test.ts",
  "test/e2e/scaled/**/*.test.ts",
  "test/redis/redis-cluster.test.ts",
];
