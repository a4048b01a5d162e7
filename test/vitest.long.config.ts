import { mergeConfig } from "vitest/config";

import common from "../vitest.config.ts";
import { LONG_SUITES } from "./long-suites.ts";

const config = mergeConfig(common, { test: { testTimeout: 60_000, hookTimeout: 60_000 } });

/** The suites that `npm test` leaves out; see `long-suites.ts`. */
export default { ...config, test: { ...config.test, include: [...LONG_SUITES], exclude: [] } };
