/** The sinks, one line each. The contract suite runs over what is exported here. */
export { type OtlpSinkOptions, otlp } from "./otlp/sink.ts";
