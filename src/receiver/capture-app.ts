import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";

import { TRACE_ID } from "../core/ids.ts";
import { encodingOfType, refuse } from "./answer.ts";
import type { ExportKind } from "./export-kind.ts";
import { exportPaths } from "./export-paths.ts";
import { ingest } from "./ingest.ts";
import type { HttpApp } from "./listen.ts";
import type { OpenTrials } from "./open-trials.ts";
import type { Accept, IngestSetting } from "./take-export.ts";

/** What the port of `openCapture` answers: an endpoint per trial, and one that all share. */
export function captureApp(trials: OpenTrials, setting: IngestSetting): HttpApp {
  const app: HttpApp = new Hono({ strict: false });
  const unknown = (context: Context<{ Bindings: HttpBindings }>) => {
    const message = "No trial is open at this address; it has ended, or never began.";
    return refuse({ status: 404, message }, encodingOfType(context.req.header("content-type")) ?? "json");
  };
  const take = (context: Context<{ Bindings: HttpBindings }, "/case/:trial">, kind: ExportKind) => {
    const trial = trials.get(context.req.param("trial"));
    if (trial === undefined) return unknown(context);
    const accept: Accept = async (fragments) => {
      trial.spans.add(fragments);
      trial.changed();
    };
    return ingest(context.env.incoming, accept, setting, kind);
  };
  const takeShared: Accept = async (fragments) => trials.takeShared(fragments);
  for (const [path, kind] of exportPaths()) {
    app.post(`/case/:trial${path === "/" ? "" : path}`, (context) => take(context, kind));
    app.post(path, (context) => ingest(context.env.incoming, takeShared, setting, kind));
  }
  app.post("/v1/traces/:traceId/complete", (context) =>
    trials.signalShared(context.req.param("traceId").toLowerCase())
      ? context.body(null, 204)
      : unknown(context),
  );
  app.post("/case/:trial/v1/traces/:traceId/complete", (context) => {
    const trial = trials.get(context.req.param("trial"));
    const traceId = context.req.param("traceId").toLowerCase();
    if (trial === undefined || !TRACE_ID.test(traceId)) return unknown(context);
    trial.spans.signal(traceId);
    trial.changed();
    return context.body(null, 204);
  });
  app.notFound(unknown);
  return app;
}
