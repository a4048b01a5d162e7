import { registerHooks } from "node:module";

import { offerOwnModules } from "../tasks/own-modules.ts";

const NAME = /^tracegate(\/testing)?$/;

/**
 * Lets a configuration, and the modules of its agents, import `tracegate` where the package is not installed: from a clone of this
 * repository, from the bundled action, from a global installation.
 *
 * @param entries URLs of our own `index` and `testing` modules.
 * @param prefer `own`: always ours, so that a half-built copy is never mixed in; `installed`: ours only
 *   where the usual resolution finds nothing.
 */
export function resolveSelf(
  entries: { readonly index: string; readonly testing: string },
  prefer: "own" | "installed",
): void {
  offerOwnModules({ entries, prefer });
  registerHooks({
    resolve(specifier, context, next) {
      if (!NAME.test(specifier)) return next(specifier, context);
      const own = { url: specifier === "tracegate" ? entries.index : entries.testing, shortCircuit: true };
      if (prefer === "own") return own;
      try {
        return next(specifier, context);
      } catch {
        return own;
      }
    },
  });
}
