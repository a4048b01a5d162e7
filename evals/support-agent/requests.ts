import type { Request } from "./agent.ts";
import { orders } from "./shop.ts";

const recipes = ["pour-over", "cold brew", "flat white", "moka pot", "french press"];

const questions: readonly string[] = [
  ...orders.map((order) => `Where is my order ${order.order_id}?`),
  ...orders
    .filter((order) => order.status === "delivered")
    .map((order) => `Please refund order ${order.order_id}.`),
  "What is the warranty of the Aero kettle?",
  "What is the warranty of the Lino scale?",
  "How do I clean the Duo grinder?",
  "How do I descale the Aero kettle? Please give me every step.",
  "Which recipe articles do you have?",
  "Can I send things back?",
  "What is the warranty of the Brio toaster?",
  ...recipes.map((recipe) => `What does your ${recipe} recipe say?`),
];

/** About sixty requests of a working day: every question in turn, asked by different customers. */
export function requests(count: number): readonly Request[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `conversation-${index + 1}`,
    user: `customer-${(index % 17) + 1}`,
    text: questions[index % questions.length] ?? "",
  }));
}
