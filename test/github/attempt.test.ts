import { getOctokit } from "@actions/github";
import { describe, expect, it } from "vitest";

import { attempt } from "../../src/github/attempt.ts";
import { startGitHub } from "../action/github-double.ts";

const failing = (status: number, message: string) => () =>
  Promise.reject(Object.assign(new Error(message), { status }));

describe("an attempt at GitHub's API", () => {
  it.each([
    [401, "Bad credentials", "permission"],
    [403, "Resource not accessible by integration", "permission"],
    [404, "Not Found", "permission"],
    [403, "API rate limit exceeded for installation", "unreachable"],
    [429, "Too many requests", "unreachable"],
    [422, "Validation Failed", "refused"],
    [500, "fetch failed", "unreachable"],
    [503, "Unavailable", "unreachable"],
  ])("that ends with %i %s is %s", async (status, message, why) => {
    expect(await attempt(failing(status, message))).toEqual({ done: false, why, message });
  });

  it("gives its value", async () => {
    expect(await attempt(() => Promise.resolve(5))).toEqual({ done: true, value: 5 });
  });

  it("is over in time, also when the API never answers", async () => {
    await using github = await startGitHub();
    github.hangs = true;
    const client = getOctokit("token", { baseUrl: github.url });
    const result = await attempt((signal) => client.request("GET /user", { request: { signal } }), 200);
    expect(result).toEqual({ done: false, why: "unreachable", message: "no answer within 200 ms" });
  });
});
