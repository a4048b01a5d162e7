import type { GitCommand } from "./git-command.ts";

/** A token for one git server, and for no other. */
export interface GitToken {
  /** E.g. `https://github.com`. */
  readonly server: string;
  readonly token: string;
}

/**
 * Variables that make git show the token to its server: none when the clone has credentials of its own for it, for these may
 * do more, and a server refuses two. They stay in the environment of git, so that they stand on no command line and in no file.
 */
export async function credentialsFor(
  git: GitCommand,
  { server, token }: GitToken,
  environment: { readonly [name: string]: string | undefined },
): Promise<{ readonly [name: string]: string }> {
  const origin = server.replace(/\/+$/, "");
  const own = await git(["config", "--get-urlmatch", "http.extraheader", `${origin}/`]);
  if (own.code === 0) return {};
  const at = Number(environment.GIT_CONFIG_COUNT ?? 0) || 0;
  return {
    GIT_CONFIG_COUNT: String(at + 1),
    [`GIT_CONFIG_KEY_${at}`]: `http.${origin}/.extraheader`,
    [`GIT_CONFIG_VALUE_${at}`]: `AUTHORIZATION: basic ${basicOf(token)}`,
  };
}

/** What stands for the token in a request: to be masked wherever the token is. */
export function basicOf(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString("base64");
}
