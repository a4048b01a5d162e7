import { defineConfig } from "tracegate";

/** What the containers of compose.yaml run with. Mount your own over /work/tracegate.config.ts. */
// biome-ignore lint/style/noDefaultExport: a configuration is the default export of its file.
export default defineConfig({
  // A container has no loopback that others can reach, so senders must show a token.
  receiver: { host: "0.0.0.0", tokenEnv: "TRACEGATE_TOKEN" },
  server: { host: "0.0.0.0", tokenEnv: "TRACEGATE_TOKEN" },
});
