import type { MetricSet } from "./metric-set.ts";
import { asPrometheusText } from "./prometheus-text.ts";
import type { SiteProbe } from "./site-probe.ts";

/** Options of {@link operationPages}. */
export interface OperationPagesOptions {
  readonly metrics: MetricSet;
  readonly probe: SiteProbe;
  /** Sets what is read only when somebody asks. */
  readonly refresh: () => Promise<void>;
}

/** Answers a GET request by its path; null: nothing is there. */
export type Pages = (request: Request) => Promise<Response | null>;

/**
 * What operators and their machines look at: `/readyz` (buffer, queue and store answer; 503 that says which do not) and
 * `/metrics` (OpenMetrics with trace ids as exemplars; the older text format where only that is asked for).
 */
export function operationPages({ metrics, probe, refresh }: OperationPagesOptions): Pages {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/readyz") return readiness(probe);
    if (pathname !== "/metrics") return null;
    await refresh();
    const text = await metrics.registry.metrics();
    const accept = request.headers.get("accept") ?? "";
    if (!/text\/plain/.test(accept) || /openmetrics|\*\/\*/.test(accept))
      return page(200, text, metrics.registry.contentType);
    return page(200, asPrometheusText(text), "text/plain; version=0.0.4; charset=utf-8");
  };
}

async function readiness(probe: SiteProbe): Promise<Response> {
  const { reasons } = await probe.levels();
  const away = Object.keys(reasons);
  const body = away.length === 0 ? { status: "ready" } : { status: "not ready", away, reasons };
  return page(away.length === 0 ? 200 : 503, `${JSON.stringify(body)}\n`, "application/json");
}

function page(status: number, body: string, type: string): Response {
  return new Response(body, { status, headers: { "Content-Type": type, "Cache-Control": "no-store" } });
}
