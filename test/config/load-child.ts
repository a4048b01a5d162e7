import { loadConfig } from "../../src/config/load-config.ts";

/** Loads each configuration named on the command line and prints what was said, as JSON. Node itself imports them. */
const said: Record<string, string> = {};
for (const path of process.argv.slice(2)) {
  said[path] = await loadConfig({ cwd: process.cwd(), path }).then(
    () => "loaded",
    (error) => `${error.name} ${error.code}: ${error.message}`,
  );
}
process.stdout.write(JSON.stringify(said));
