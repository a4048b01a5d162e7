import { answer, close } from "./agent.ts";

await answer("Please refund my order.");
await close();
