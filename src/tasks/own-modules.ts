/** Where agents in processes and threads of their own find `tracegate`, as `resolveSelf` of config gives it to this process. */
export interface OwnModules {
  /** URLs of our own `index` and `testing` modules. */
  readonly entries: { readonly index: string; readonly testing: string };
  readonly prefer: "own" | "installed";
}

let offered: OwnModules | null = null;

/** Lets the agents that are started from now on import `tracegate` where it is not installed. */
export function offerOwnModules(modules: OwnModules): void {
  offered = modules;
}

/** What was offered, to be sent to a process or thread; null: nothing, the package is installed. */
export function ownModules(): OwnModules | null {
  return offered;
}

/**
 * What a process or thread does with it, as source, because it runs before any module of ours can be found: a function
 * of `node:module` and the modules. The same as `resolveSelf` does in this process.
 */
export const RESOLVE_OWN_MODULES = `
function resolveOwnModules({ registerHooks }, own) {
  if (!own) return;
  registerHooks({
    resolve(specifier, context, next) {
      if (!/^tracegate(\\/testing)?$/.test(specifier)) return next(specifier, context);
      const found = { url: specifier === "tracegate" ? own.entries.index : own.entries.testing, shortCircuit: true };
      if (own.prefer === "own") return found;
      try {
        return next(specifier, context);
      } catch {
        return found;
      }
    },
  });
}
`;
