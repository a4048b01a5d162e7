import type { Case } from "../core/case.ts";
import type { TrialSetting } from "../core/run.ts";

/** Environment variables of a process. */
export type Environment = { readonly [name: string]: string | undefined };

/** Where production's spans and logs go; under test they must not go there too. */
const PRODUCTION_ONLY = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
  "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
  "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
  "OTEL_EXPORTER_OTLP_LOGS_PROTOCOL",
  "OTEL_EXPORTER_OTLP_LOGS_HEADERS",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "OTEL_EXPORTER_OTLP_CERTIFICATE",
  "OTEL_SDK_DISABLED",
  "OTEL_TRACES_SAMPLER_ARG",
];

/**
 * The environment of an agent under test: the caller's own, with OpenTelemetry pointed at the endpoint of
 * this trial and every trace sampled. Names by the OTel environment variable specification.
 */
export function agentEnvironment(base: Environment, input: Case, setting: TrialSetting): Environment {
  const resource = [
    base.OTEL_RESOURCE_ATTRIBUTES,
    `tracegate.case.id=${encodeURIComponent(input.id)}`,
    `tracegate.trial=${setting.trial}`,
  ];
  return {
    ...threadEnvironment(base),
    OTEL_EXPORTER_OTLP_ENDPOINT: setting.endpoint,
    OTEL_RESOURCE_ATTRIBUTES: resource.filter(Boolean).join(","),
    TRACEPARENT: setting.traceparent,
    TRACEGATE_CASE_ID: input.id,
    TRACEGATE_TRIAL: String(setting.trial),
    ...setting.environment,
  };
}

/** The same for a thread that serves many trials: what differs from trial to trial is in their settings. */
export function threadEnvironment(base: Environment): Environment {
  const inherited = Object.fromEntries(
    Object.entries(base).filter(([name]) => !PRODUCTION_ONLY.includes(name)),
  );
  return {
    ...inherited,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_TRACES_SAMPLER: "parentbased_always_on",
    OTEL_METRICS_EXPORTER: "none",
    // Many instrumentations put the text of a conversation into log records only.
    OTEL_LOGS_EXPORTER: "otlp",
  };
}

/** The same for a service that serves every trial: it continues the `traceparent` header of each request. */
export function serviceEnvironment(base: Environment, endpoint: string): Environment {
  return {
    ...threadEnvironment(base),
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_PROPAGATORS: "tracecontext,baggage",
    // By default spans and log records wait for up to five seconds, and every trial would wait with them.
    OTEL_BSP_SCHEDULE_DELAY: "200",
    OTEL_BLRP_SCHEDULE_DELAY: "200",
  };
}
