import { articles } from "../shop.ts";
import type { Tool } from "./tool.ts";

const PAGE = 2;

/** Searches the help articles, two to a page. */
export const searchHelp: Tool = {
  name: "search_help",
  description: "Search the help articles. Pass `cursor` from the previous page to get the next one.",
  parameters: {
    type: "object",
    properties: { query: { type: "string" }, cursor: { type: "string" } },
    required: ["query"],
  },
  run(input) {
    const words = String(input.query).toLowerCase().split(/\s+/);
    const found = articles.filter((article) =>
      words.every((word) => article.title.toLowerCase().includes(word)),
    );
    const start = Number(input.cursor ?? 0);
    const next = start + PAGE;
    return { articles: found.slice(start, next), next: next < found.length ? String(next) : null };
  },
};
