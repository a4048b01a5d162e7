import type { ModelReply, ModelRequest } from "tracegate/testing";

import { simulatedJudge } from "./simulated-judge.ts";

/**
 * A stand-in for a language model, for demos and for this repository's own gate: it reads the system
 * prompt, the question and what the tools returned, and decides by a few rules. It behaves like a model in
 * what matters here: it trusts its tools, it makes things up when the prompt lets it, and it is cut off at
 * the token limit.
 */
export function simulatedModel(request: ModelRequest): ModelReply {
  if (request.responseSchema) return simulatedJudge(request);
  const text = (role: string) => request.messages.filter((message) => message.role === role).map(textOf);
  const conversation: Conversation = {
    system: text("system").join("\n"),
    question: text("user").find((content) => content !== "") ?? "",
    results: request.messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "tool_result" ? [fieldsOf(part.result)] : [])),
    ),
  };
  const reply = decide(conversation);
  return typeof reply === "string"
    ? cut(inOtherWords(reply, conversation.question), request.maxTokens)
    : { toolCalls: [reply] };
}

const OFFERS = [
  "",
  "Anything else?",
  "Can I help with something else?",
  "Just ask if there is more.",
  "Is that all?",
];
const FAREWELLS = [
  "",
  "Have a nice day.",
  "Take care.",
  "Kind regards.",
  "Thanks for asking.",
  "All the best.",
];
const asked = new Map<string, number>();
const beginning = Number(process.env.SUPPORT_AGENT_WORDING ?? Math.floor(Math.random() * 30));

/** Models say the same thing in other words each time; without that, repeated trials would prove nothing. */
function inOtherWords(text: string, question: string): string {
  const times = (asked.get(question) ?? beginning) + 1;
  asked.set(question, times);
  const ending = [OFFERS[times % OFFERS.length], FAREWELLS[times % FAREWELLS.length]];
  return [text, ...ending].filter(Boolean).join(" ");
}

interface Conversation {
  readonly system: string;
  readonly question: string;
  /** Tool results in order, parsed. */
  readonly results: readonly Fields[];
}

type Fields = { readonly [key: string]: unknown };
type Call = { readonly name: string; readonly arguments: { [key: string]: string } };

const ORDER = /A-\d{5}/;

function decide(conversation: Conversation): string | Call {
  const { question } = conversation;
  const order = ORDER.exec(question)?.[0];
  if (order && /refund/i.test(question)) return refund(order, conversation);
  if (order) return whereabouts(order, conversation);
  if (/which recipe/i.test(question)) return listRecipes(conversation);
  return lookUp(conversation);
}

function whereabouts(order: string, { results: [found] }: Conversation): string | Call {
  if (!found) return { name: "get_order", arguments: { order_id: order } };
  if (typeof found.status !== "string") return `I could not find order ${order}: ${String(found.error)}`;
  if (found.status === "delivered") return `Order ${order} was delivered on ${String(found.eta)}.`;
  if (found.status === "shipped")
    return `Order ${order} has shipped and should arrive on ${String(found.eta)}.`;
  return `Order ${order} is being prepared and should arrive on ${String(found.eta)}.`;
}

function refund(order: string, { results: [found] }: Conversation): string | Call {
  if (!found) return { name: "create_refund", arguments: { order_id: order } };
  if (typeof found.error === "string") {
    return `I could not make the refund for order ${order}. The reason was: ${found.error} A colleague will write to you.`;
  }
  if (found.reference) {
    return `I have refunded ${String(found.refunded)} EUR for order ${order}. The reference is ${String(found.reference)}.`;
  }
  return `Your refund for order ${order} is on its way.`;
}

/** Seen from a model, a page that comes again and again is a reason to go on, and in the end to stop. */
function listRecipes({ results }: Conversation): string | Call {
  const next = results.at(-1)?.next;
  if (results.length === 0) return { name: "search_help", arguments: { query: "recipe" } };
  if (typeof next === "string" && results.length < 6) {
    return { name: "search_help", arguments: { query: "recipe", cursor: next } };
  }
  const titles = new Set(results.flatMap((page) => articlesOf(page).map((article) => article.title)));
  return `We have these recipe articles: ${[...titles].join(", ")}.`;
}

function lookUp({ system, question, results: [found] }: Conversation): string | Call {
  if (!found) return { name: "search_help", arguments: { query: topicOf(question) } };
  const texts = articlesOf(found).map((article) => article.text);
  if (texts.length > 0) return texts.join(" ");
  return /if they do not tell you, say so/i.test(system)
    ? "I could not find that in our help articles. A colleague will write to you."
    : "It is covered for 36 months, and a claim is settled within 14 days.";
}

function topicOf(question: string): string {
  const product = /aero kettle|duo grinder|brio toaster|lino scale/i.exec(question)?.[0] ?? "";
  if (/warranty/i.test(question)) return `${product} warranty`;
  if (/descale/i.test(question)) return "descaling";
  if (/clean/i.test(question)) return `${product} cleaning`;
  if (/send things back/i.test(question)) return "returns";
  return /your (.+) recipe/i.exec(question)?.[1] ?? product;
}

function cut(text: string, maxTokens = Number.POSITIVE_INFINITY): ModelReply {
  const words = text.split(" ");
  return words.length <= maxTokens
    ? { text }
    : { text: words.slice(0, maxTokens).join(" "), finishReason: "length" };
}

function textOf(message: ModelRequest["messages"][number]): string {
  return message.parts.flatMap((part) => (part.type === "text" ? [part.content] : [])).join("\n");
}

function fieldsOf(result: unknown): Fields {
  const value: unknown = typeof result === "string" ? JSON.parse(result) : result;
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function articlesOf(page: Fields): readonly { title: string; text: string }[] {
  return Array.isArray(page.articles) ? page.articles : [];
}
