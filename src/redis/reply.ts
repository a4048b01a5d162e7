import { TracegateError } from "../core/errors.ts";

/** A number out of a reply of Redis. */
export function numberOf(value: unknown): number {
  const number = typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? unexpected(value) : number;
}

/** A text out of a reply of Redis. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return Buffer.isBuffer(value) ? value.toString() : unexpected(value);
}

/** Bytes out of a reply of Redis. */
export function bytesOf(value: unknown): Buffer {
  return Buffer.isBuffer(value) ? value : unexpected(value);
}

/** A list out of a reply of Redis. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : unexpected(value);
}

function unexpected(value: unknown): never {
  const message = `Redis answered ${JSON.stringify(value)?.slice(0, 80)}, which no script of tracegate does. Do all processes run the same version?`;
  throw new TracegateError("internal", message);
}
