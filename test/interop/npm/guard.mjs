/** Loaded before every program: a package that the client forgot to name must not be found in the project around the installation. */
import { registerHooks } from "node:module";

const home = new URL("./", import.meta.url).href;
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    if (found.url.startsWith("file:") && !found.url.startsWith(home)) {
      throw Object.assign(new Error(`${specifier} is not installed`), { code: "ERR_MODULE_NOT_FOUND" });
    }
    return found;
  },
});
