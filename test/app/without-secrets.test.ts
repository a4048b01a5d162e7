import { describe, expect, it } from "vitest";
import { secretsOf } from "../../src/app/secrets.ts";
import { withoutSecrets } from "../../src/app/without-secrets.ts";
import { report } from "../action/reports.ts";

describe("secrets of the environment", () => {
  it.each([
    "OPENAI_API_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "GITHUB_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "DB_PASSWORD",
    "NPM_AUTH",
    "MY_PAT",
    "SENTRY_DSN",
    "SLACK_WEBHOOK",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "session_cookie",
    "apikey",
  ])("are known by the name of the variable: %s", (name) => {
    expect(secretsOf({ [name]: "0123456789" })).toEqual(["0123456789"]);
  });

  it.each(["PWD", "PATH", "HOME", "KEYBOARD", "GITHUB_SHA", "MONKEYS_COUNT", "AUTHOR_NAME"])(
    "are not every variable: %s",
    (name) => {
      expect(secretsOf({ [name]: "0123456789" })).toEqual([]);
    },
  );

  it("are no short words and no paths, for these would blank out the log", () => {
    const environment = { USE_TOKEN: "true", KEY: "1", GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json" };
    expect(secretsOf(environment)).toEqual([]);
  });

  it("are lines of a key too, and passwords within addresses, the longest first", () => {
    const pem = "-----BEGIN KEY-----\nabcdefghij\n-----END KEY-----";
    expect(secretsOf({ DEPLOY_KEY: pem, DATABASE_URL: "postgres://me:p%40ssword1@db/x" })).toEqual([
      "p%40ssword1",
      "abcdefghij",
      "p@ssword1",
    ]);
  });

  it("are taken out of every text of a report, and of nothing else", () => {
    const clean = report();
    expect(withoutSecrets(clean, ["not-in-there"])).toBe(clean);
    const masked = withoutSecrets(report({ notes: ['key "a\nb-secret" shown'] }), ['"a\nb-secret"']);
    expect(masked.notes).toEqual(["key *** shown"]);
    expect(masked.verdict).toEqual(clean.verdict);
  });
});
