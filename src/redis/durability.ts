import { messageOf } from "../core/errors.ts";
import { nodesOf, type RedisClient } from "./connect.ts";

/**
 * Sentences about settings with which this Redis may lose spans that were answered with 200, or drop jobs; none when
 * it keeps everything (`appendonly yes`, `appendfsync always`, `maxmemory-policy noeviction`).
 */
export async function durabilityWarnings(redis: RedisClient): Promise<readonly string[]> {
  try {
    const settings = await Promise.all(nodesOf(redis).map(readSettings));
    return [...new Set(settings.flatMap(warningsOf))];
  } catch (error) {
    return [
      `Redis does not tell its settings (${messageOf(error)}). See to it that it has appendonly yes, appendfsync always and maxmemory-policy noeviction.`,
    ];
  }
}

interface Settings {
  readonly appendonly: string;
  readonly appendfsync: string;
  readonly eviction: string;
}

async function readSettings(node: ReturnType<typeof nodesOf>[number]): Promise<Settings> {
  // One at a time: servers before 7.0 take no more.
  const read = async (name: string): Promise<string> => {
    const answer = await node.config("GET", name);
    const value = Array.isArray(answer) ? answer[1] : undefined;
    return typeof value === "string" ? value : "";
  };
  return {
    appendonly: await read("appendonly"),
    appendfsync: await read("appendfsync"),
    eviction: await read("maxmemory-policy"),
  };
}

function warningsOf({ appendonly, appendfsync, eviction }: Settings): readonly string[] {
  const warnings: string[] = [];
  if (appendonly === "no") {
    warnings.push(
      "Redis has appendonly no: when it is killed or restarted, spans that were answered with 200 are lost. Set appendonly yes and appendfsync always.",
    );
  } else if (appendfsync === "everysec") {
    warnings.push(
      "Redis has appendfsync everysec: when its machine dies, spans answered with 200 in the last second or two are lost; when Redis is killed while the disk hangs, too. Set appendfsync always.",
    );
  } else if (appendfsync === "no") {
    warnings.push(
      "Redis has appendfsync no: when its machine dies, spans answered with 200 in about the last half minute are lost. Set appendfsync always.",
    );
  }
  if (eviction !== "noeviction" && eviction !== "") {
    warnings.push(
      `Redis has maxmemory-policy ${eviction}: when it is full it drops spans and jobs that wait. Set maxmemory-policy noeviction.`,
    );
  }
  return warnings;
}
