import type { Message, Part } from "../../core/message.ts";
import { foldedText, foldedValue } from "./folded-text.ts";
import { type Html, html } from "./html.ts";

/** Messages with their roles, in order. */
export function messageList(messages: readonly Message[]): Html {
  return html`<ol class="messages">${messages.map(messageItem)}</ol>`;
}

/** One message, as an item of a list. */
export function messageItem(message: Message): Html {
  const name = message.name === undefined ? null : html` <bdi>${message.name}</bdi>`;
  const finish =
    message.finishReason === undefined ? null : html` <span class="note">${message.finishReason}</span>`;
  const parts =
    message.parts.length === 0 ? html`<p class="note">(no content)</p>` : message.parts.map(partOf);
  return html`<li class="message"><p class="role"><bdi>${message.role}</bdi>${name}${finish}</p>${parts}</li>`;
}

function partOf(part: Part): Html {
  switch (part.type) {
    case "text":
      return foldedText(part.content);
    case "reasoning":
      return html`<p class="part">reasoning</p>${foldedText(part.content)}`;
    case "tool_call":
      return html`<p class="part">calls <code>${part.name}</code>${idOf(part.id)}</p>${part.arguments === undefined ? null : foldedValue(part.arguments)}`;
    case "tool_result":
      return html`<p class="part">result${part.name === undefined ? null : html` of <code>${part.name}</code>`}${idOf(part.id)}</p>${part.result === undefined ? html`<p class="note">(not recorded)</p>` : foldedValue(part.result)}`;
    case "media": {
      const facts = [part.modality, part.mimeType, part.uri].filter((fact) => fact !== undefined).join(" · ");
      return html`<p class="part">media</p>${foldedText(facts)}`;
    }
    case "other":
      return html`<p class="part">other</p>${foldedValue(part.value)}`;
  }
}

function idOf(id: string | undefined): Html | null {
  return id === undefined ? null : html` <span class="note"><bdi>${id}</bdi></span>`;
}
