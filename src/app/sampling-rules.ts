import type { Config } from "../config/schema.ts";
import type { SamplingRules } from "../pipeline/live-sampler.ts";
import type { Retention } from "../pipeline/retention.ts";

const EVERYTHING: SamplingRules = { rate: 1, slowMs: null, firstOfVersion: 0 };

/** The sampling of a configuration, by service. Names come from outside, so only own keys are looked at. */
export function samplingRules({
  sampling,
}: Pick<Config, "sampling">): (service: string | null) => SamplingRules {
  if (sampling === false || sampling === 1) return () => EVERYTHING;
  const { services = {} } = sampling;
  return (service) => {
    const own = service !== null && Object.hasOwn(services, service) ? (services[service] ?? {}) : {};
    return {
      rate: own.rate ?? sampling.rate,
      slowMs: own.slowMs === undefined ? sampling.slowMs : own.slowMs,
      firstOfVersion: own.firstOfVersion ?? sampling.firstOfVersion,
    };
  };
}

/** How long spans are kept, ms. */
export function retentionOf({ retention }: Pick<Config, "retention">): Retention {
  const { payloadDays, leftOutHours } = retention;
  return { sampledMs: payloadDays * 86_400_000, leftOutMs: leftOutHours * 3_600_000 };
}
