import type { ErrorInfo, TraceError } from "../../core/trace.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/**
 * The fault of a span, or null. A span has failed when its status says so, when it carries an exception
 * event (LangSmith leaves the status OK), when a dialect says so, or when the model stopped by error.
 * Texts are never searched for words like "error".
 */
export function errorOf({ span, fields, readable }: SpanNode): ErrorInfo | null {
  const exception = readable ? span.events.find((event) => event.name === "exception") : undefined;
  const failed =
    span.status.code === "error" ||
    exception !== undefined ||
    fields.error !== undefined ||
    fields.finishReason === "error";
  if (!failed) return null;
  const type =
    named(fields.error?.type) ??
    textOf(exception?.attributes["exception.type"]) ??
    httpFailure(readable ? span.attributes["http.response.status_code"] : undefined) ??
    "_OTHER";
  const message =
    span.status.message || textOf(exception?.attributes["exception.message"]) || fields.error?.message;
  return message ? { type, message } : { type };
}

/** All faults in order. An ancestor that only passes on the fault of a child is left out. */
export function readErrors(tree: SpanTree): readonly TraceError[] {
  const errors = new Map<SpanNode, ErrorInfo>();
  for (const node of tree.ordered) {
    const error = errorOf(node);
    if (error) errors.set(node, error);
  }
  const isPassedOn = (node: SpanNode, error: ErrorInfo) =>
    node.children.some((child) => {
      const inner = errors.get(child);
      return inner !== undefined && isSameMessage(inner, error) && isSameType(inner, error);
    });
  return [...errors].flatMap(([node, error]) =>
    isPassedOn(node, error) ? [] : [{ spanId: node.span.spanId, ...error }],
  );
}

function isSameType(inner: ErrorInfo, outer: ErrorInfo): boolean {
  return inner.type === outer.type || outer.type === "_OTHER" || inner.type === "_OTHER";
}

/** On the way up a message is repeated, or set into a sentence, or loses the class in front of it. */
function isSameMessage({ message: inner = "" }: ErrorInfo, { message: outer = "" }: ErrorInfo): boolean {
  if (inner === "" || outer === "") return inner === outer;
  return outer.includes(inner) || inner.includes(outer);
}

/** `_OTHER` says nothing, so a better name found elsewhere is preferred. */
function named(type: string | undefined): string | undefined {
  return type === "_OTHER" ? undefined : type;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function httpFailure(code: unknown): string | undefined {
  return typeof code === "number" && code >= 400 ? String(code) : undefined;
}
