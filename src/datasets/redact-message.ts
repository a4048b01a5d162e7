import type { Message, Part } from "../core/message.ts";
import type { Redactor } from "./redact.ts";

/** A message with the personal data of its parts replaced. */
export function redactMessage(message: Message, redactor: Redactor): Message {
  return { ...message, parts: message.parts.map((part) => redactPart(part, redactor)) };
}

function redactPart(part: Part, redactor: Redactor): Part {
  switch (part.type) {
    case "text":
    case "reasoning":
      return { ...part, content: redactor.redactText(part.content) };
    case "tool_call":
      return part.arguments === undefined ? part : { ...part, arguments: redactor.redact(part.arguments) };
    case "tool_result":
      return part.result === undefined ? part : { ...part, result: redactor.redact(part.result) };
    case "media":
      return part.uri === undefined ? part : { ...part, uri: redactor.redactText(part.uri) };
    case "other":
      return { ...part, value: redactor.redact(part.value) };
  }
}
