import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";

import type { Pages } from "./pages.ts";

/** What a caller shows to be let in. */
export interface ShownCredentials {
  readonly authorization: string | undefined;
  readonly apiKey: string | undefined;
}

/**
 * The HTTP app of a port that has nothing but the pages of operations. `/healthz` needs no token, so that whatever
 * restarts the process can ask it; it says only that the process lives.
 */
export function serverApp(
  pages: Pages,
  isAllowed: (shown: ShownCredentials) => boolean,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>({ strict: false });
  app.get("/healthz", (context) => context.json({ status: "ok" }));
  app.use(async (context, next) => {
    const { req } = context;
    const shown = { authorization: req.header("authorization"), apiKey: req.header("x-api-key") };
    if (isAllowed(shown)) return next();
    return context.json({ error: "A token is wanted: Authorization: Bearer <token>." }, 401, {
      "WWW-Authenticate": "Bearer",
    });
  });
  app.get("*", async (context) => (await pages(context.req.raw)) ?? context.notFound());
  app.notFound((context) => context.json({ error: "Here are /healthz, /readyz and /metrics." }, 404));
  return app;
}
