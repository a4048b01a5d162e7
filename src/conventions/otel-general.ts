import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { present } from "./present.ts";

const KEYS = [
  "session.id",
  "user.id",
  "enduser.id",
  "error.type",
  "http.request.resend_count",
  "deployment.environment.name",
  "deployment.environment",
];

/** General OpenTelemetry attributes that matter whatever made the span. */
export const otelGeneral: Dialect = {
  name: "otel",
  prefixes: KEYS,
  read(span) {
    if (!KEYS.some((key) => span.attributes[key] !== undefined)) return undefined;
    const from = new AttributeReader(span.attributes);
    const type = from.name("error.type");
    const message = from.name("error.message", "exception.message");
    return {
      ...present({
        sessionId: from.name("session.id"),
        userId: from.name("user.id", "enduser.id"),
        retries: from.count("http.request.resend_count"),
        environment: from.name("deployment.environment.name", "deployment.environment"),
        error: type === undefined ? undefined : { type, ...(message ? { message } : {}) },
      }),
      used: from.used,
    };
  },
};
