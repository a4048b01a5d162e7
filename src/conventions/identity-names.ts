import type { JsonValue } from "../core/json.ts";
import { present } from "./present.ts";
import type { SpanFields } from "./span-fields.ts";

/** Whom the run was for, as applications put it into the free metadata of their tracing library. */
export type Person = Pick<SpanFields, "sessionId" | "userId" | "organisationId" | "feature">;

const NAMES = {
  sessionId: [
    "session_id",
    "sessionId",
    "thread_id",
    "threadId",
    "conversation_id",
    "conversationId",
    "session",
  ],
  userId: ["user_id", "userId", "user"],
  organisationId: [
    "org",
    "org_id",
    "orgId",
    "organisation_id",
    "organisationId",
    "organization_id",
    "organizationId",
    "tenant",
    "tenant_id",
    "tenantId",
  ],
  feature: ["feature"],
} as const satisfies { readonly [Field in keyof Person]: readonly string[] };

/** Reads session, user, organisation and feature from metadata by their usual names. */
export function personOf(metadata: { readonly [name: string]: JsonValue }): Person {
  return present({
    sessionId: firstText(metadata, NAMES.sessionId),
    userId: firstText(metadata, NAMES.userId),
    organisationId: firstText(metadata, NAMES.organisationId),
    feature: firstText(metadata, NAMES.feature),
  });
}

function firstText(
  metadata: { readonly [name: string]: JsonValue },
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(metadata, name) ? metadata[name] : undefined;
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number") return String(value);
  }
  return undefined;
}
