import type { RequestFingerprint } from "../core/case.ts";
import { contentHash } from "../core/ids.ts";
import { type JsonValue, parseJson, stableJson } from "../core/json.ts";
import { type Message, textOf } from "../core/message.ts";
import { makeRedactor } from "./redact.ts";

/** Characters of the messages that a fingerprint shows. */
const PREVIEW = 200;

/** What a model was asked, from its telemetry or from the wire. */
export interface AskedOfModel {
  readonly systemInstructions?: string;
  readonly messages: readonly Message[];
}

/**
 * The fingerprint of a request to a model. It is the same for the request as its telemetry recorded it and as
 * it comes over the wire again, in any provider's format: ids, reasoning and white space at the ends are left
 * out, JSON text and JSON values are one, results of parallel tool calls come in any order, and personal data
 * counts as its kind, for the case that is tried again holds only marks.
 */
export function fingerprintOf(asked: AskedOfModel): RequestFingerprint {
  const entries = asked.messages.flatMap(entriesOf);
  const turns = entries.filter(({ byModel }, index) => byModel && !entries[index - 1]?.byModel).length;
  const news = entries.slice(entries.findLastIndex(({ byModel }) => byModel) + 1);
  const canonical = news.map(({ role, content }) => stableJson([role, withoutPersons(content)]));
  const preview = makeRedactor().redactText(news.map(shown).join(" | "));
  const system = systemOf(asked);
  return {
    ...(system === "" ? {} : { system: contentHash(withoutPersons(system)) }),
    turns,
    news: contentHash(canonical.toSorted()),
    preview: preview.length > PREVIEW ? `${preview.slice(0, PREVIEW - 1)}…` : preview,
  };
}

/** A value with personal data, or its marks, replaced by its kind: comparable across redactions. */
export function withoutPersons(value: JsonValue): JsonValue {
  const redacted = JSON.stringify(makeRedactor().redact(value));
  return JSON.parse(redacted.replaceAll(/\[([a-z][a-z-]*)-\d+\]/g, "[$1]"));
}

/** Text that is JSON as its value, so that one who recorded either is understood. */
export function jsonOrText(value: JsonValue): JsonValue {
  if (typeof value !== "string") return value;
  const text = value.trim();
  return parseJson(text) ?? text;
}

interface Entry {
  readonly role: string;
  readonly byModel: boolean;
  readonly content: JsonValue;
}

const MODEL_ROLES: readonly string[] = ["assistant", "model", "ai"];
const SYSTEM_ROLES: readonly string[] = ["system", "developer"];

function systemOf({ systemInstructions, messages }: AskedOfModel): string {
  if (systemInstructions !== undefined) return systemInstructions.trim();
  const system = messages.filter(({ role }) => SYSTEM_ROLES.includes(role));
  return system.map(textOf).join("\n").trim();
}

/** The text of a message as one entry, and every other part as an entry of its own. */
function entriesOf(message: Message): readonly Entry[] {
  if (SYSTEM_ROLES.includes(message.role)) return [];
  const byModel = MODEL_ROLES.includes(message.role);
  const role = byModel ? "assistant" : message.role;
  const text = textOf(message).trim();
  const texts: readonly Entry[] = text === "" ? [] : [{ role, byModel, content: jsonOrText(text) }];
  const rest = message.parts.flatMap((part): readonly Entry[] => {
    switch (part.type) {
      case "tool_call":
        return [{ role, byModel, content: [part.name, jsonOrText(part.arguments ?? {})] }];
      case "tool_result":
        return [{ role: "tool", byModel: false, content: jsonOrText(part.result ?? null) }];
      case "media":
        return [{ role, byModel, content: [part.modality] }];
      default:
        return [];
    }
  });
  return [...texts, ...rest];
}

function shown({ role, content }: Entry): string {
  return `${role}: ${typeof content === "string" ? content : JSON.stringify(content)}`;
}
