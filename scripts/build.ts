/**
 * Builds what is shipped. `npm run build`: the npm package (`dist`, by tsc) and the bundle of the action (`dist/action`).
 * `npm run build:action`: only the bundle, which is committed; CI builds it again and compares.
 */
import { parseArgs } from "node:util";

import { buildAction } from "./build/action-bundle.ts";
import { buildPackage } from "./build/npm-package.ts";

const { values } = parseArgs({ options: { action: { type: "boolean" } } });
const root = process.cwd();
if (!values.action) await buildPackage(root);
await buildAction(root);
