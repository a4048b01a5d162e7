import { defineConfig, otlp } from "tracegate";

export default defineConfig({
  sinks: [otlp({ endpoint: "http://127.0.0.1:4319" })],
  judging: { audit: true },
});
