import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One instruction of a Dockerfile, continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly value: string;
}

/** What our tests look at in a service of compose. */
export interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly [key: string]: unknown;
}

/** The files of `deploy`, read. */
export interface Deployment {
  readonly dockerfile: readonly Instruction[];
  /** Services of compose.yaml, by name. */
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly composeText: string;
}

/** Reads the Dockerfile and compose.yaml of a checkout. */
export function readDeployment(root: string): Deployment {
  const composeText = readFileSync(join(root, "deploy/compose.yaml"), "utf8");
  return {
    dockerfile: instructionsIn(readFileSync(join(root, "deploy/Dockerfile"), "utf8")),
    services: parse(composeText, { merge: true }).services,
    composeText,
  };
}

/** The words with which a container's health is asked for, from the Dockerfile or a service. */
export function healthCommand(deployment: Deployment, service?: string): readonly string[] {
  if (service !== undefined) return deployment.services[service]?.healthcheck?.test.slice(1) ?? [];
  const check = deployment.dockerfile.find(({ name }) => name === "HEALTHCHECK")?.value ?? "";
  return JSON.parse(check.slice(check.indexOf("CMD") + 3));
}

function instructionsIn(text: string): Instruction[] {
  return text
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name = "", value = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
      return { name, value };
    });
}
