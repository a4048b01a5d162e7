import type { Attributes } from "../../core/span.ts";
import type { Trace } from "../../core/trace.ts";
import { present } from "../present.ts";
import type { SpanFields } from "../span-fields.ts";
import type { SpanNode, SpanTree } from "./span-tree.ts";

/** Who ran what for whom. */
export type Identity = Pick<
  Trace,
  "service" | "agent" | "sessionId" | "userId" | "organisationId" | "feature" | "tags" | "outcome"
>;

/**
 * Reads what belongs to the run as a whole. Some libraries put it on the root only, others on every span: the
 * root is asked first, then all spans in order, then the resource.
 */
export function readIdentity(tree: SpanTree, root: SpanNode | null, agents: readonly SpanNode[]): Identity {
  const nodes = root ? [root, ...tree.ordered] : tree.ordered;
  const find = <Value>(pick: (fields: SpanFields) => Value | undefined): Value | undefined => {
    for (const { fields } of nodes) {
      const value = pick(fields);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const resource = resourceOf(nodes);
  const serviceVersion = textOf(resource, "service.version");
  const named = [...agents, ...tree.ordered].find(({ fields }) => fields.agent?.name !== undefined);
  return {
    service: present({
      name: textOf(resource, "service.name"),
      version: serviceVersion,
      environment:
        textOf(resource, "deployment.environment.name") ??
        textOf(resource, "deployment.environment") ??
        find((fields) => fields.environment),
    }),
    agent: present({
      name: named?.fields.agent?.name ?? find((fields) => fields.agent?.fallbackName),
      version: named?.fields.agent?.version ?? find((fields) => fields.agent?.version) ?? serviceVersion,
      id: named?.fields.agent?.id,
    }),
    ...present({
      sessionId: find((fields) => fields.sessionId) ?? textOf(resource, "session.id"),
      userId: find((fields) => fields.userId) ?? textOf(resource, "user.id"),
      organisationId: find((fields) => fields.organisationId),
      feature: find((fields) => fields.feature),
      outcome: find((fields) => fields.outcome),
    }),
    tags: find((fields) => fields.tags) ?? [],
  };
}

/** The resource of the root, else the first one that can be read. */
function resourceOf(nodes: readonly SpanNode[]): Attributes {
  return nodes.find(({ readable }) => readable)?.span.resource ?? {};
}

function textOf(resource: Attributes, key: string): string | undefined {
  const value = resource[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
