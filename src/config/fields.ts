import { z } from "zod";

/** An object made by one of our factories, recognised by a text and a method that every such object has. */
export function madeBy<T>(text: keyof T & string, method: keyof T & string, remedy: string) {
  return z.custom<T>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      typeof Reflect.get(value, text) === "string" &&
      typeof Reflect.get(value, method) === "function",
    { error: remedy },
  );
}

/** A time, ms. */
export const milliseconds = z.number().int().nonnegative();

/** How many of something, at least one. */
export const count = z.number().int().positive();
