import { describe, expect, it } from "vitest";

import { findSecrets } from "../../src/datasets/find-secrets.ts";
import { makeRedactor, storedUserId } from "../../src/datasets/redact.ts";
import { startCpuWatch } from "../contracts/cpu-time.ts";

const redactedText = (text: string, key?: string) => makeRedactor().redactText(text, key);

describe("redaction of personal data", () => {
  it.each([
    ["Mail ann.lee+shop@mail.example.org today", "Mail [email-1] today"],
    ["Card 4111 1111 1111 1111 or 5500-0000-0000-0004", "Card [card-1] or [card-2]"],
    ["my visa number is 4111111111111111.", "my visa number is [card-1]."],
    ["IBAN DE89 3704 0044 0532 0130 00, GB29NWBK60161331926819", "IBAN [iban-1], [iban-2]"],
    ["SSN 078-05-1120", "SSN [ssn-1]"],
    ["from 203.0.113.77 and 2001:db8:85a3::8a2e:370:7334", "from [ip-1] and [ip-2]"],
    ["call +49 30 901820 or (212) 555-0123", "call [phone-1] or [phone-2]"],
  ])("replaces %j", (text, expected) => {
    expect(redactedText(text)).toBe(expected);
  });

  it.each([
    "Order W2378156, item 9523456873, product 6086499569, user mia_li_3668",
    "payment credit_card_7815826 and paypal_1530316",
    "order 4111111111111111 of 2026-11-20T10:32:05.123Z",
    "Order numbers: 1234567890123456, 4000 0000 0000 0001",
    "trace 0af7651916cd43dd8448eb211c80319c at 12:30:45",
    "123e4567-e89b-12d3-a456-426614174000",
    "flight HAT136, reservation EHGLP3, fare $1,234.50, DE12",
    "version 1.2.3.4, v10.20.30.40, loopback 127.0.0.1, 192.168.0.12, 300.1.2.3",
    "SKU 123-45-67890, part 000-12-3456",
    "std::vector, 10:20:30:40, a::b",
    "ratio 3.14159265358979, id 20261120103205123456",
    "@mention and not@host",
  ])("leaves ids, dates, prices and order numbers alone: %s", (text) => {
    expect(redactedText(text)).toBe(text);
  });

  it("gives one value one mark all through a case, and counts every replacement", () => {
    const redactor = makeRedactor();
    expect(
      redactor.redact({ user: "a@b.example", list: ["c@d.example", "from a@b.example", 4, null] }),
    ).toEqual({
      user: "[email-1]",
      list: ["[email-2]", "from [email-1]", 4, null],
    });
    redactor.redactText("203.0.113.9");
    expect(redactor.counts()).toEqual({ email: 3, ip: 1 });
  });

  it("replaces what stands under a password key", () => {
    expect(makeRedactor().redact({ login: { password: "hunter2" }, hint: "password" })).toEqual({
      login: { password: "[password-1]" },
      hint: "password",
    });
  });

  it("replaces passwords in JSON that is a text, in any depth of escaping, and leaves it JSON", () => {
    const inner = JSON.stringify({ user: "ann", password: 'hun"ter\\2', next: "kept" });
    const outer = JSON.stringify({ arguments: JSON.stringify({ passphrase: "open sesame", order: 12 }) });
    expect(JSON.parse(redactedText(inner))).toEqual({ user: "ann", password: "[password-1]", next: "kept" });
    expect(JSON.parse(JSON.parse(redactedText(outer)).arguments)).toEqual({
      passphrase: "[password-1]",
      order: 12,
    });
    expect(redactedText('the password is in "passwords": ["a"]')).toBe(
      'the password is in "passwords": ["a"]',
    );
  });

  it("replaces credentials where it is asked to, also those that only their key gives away", () => {
    const key = `ghp_${"a1B2".repeat(9)}`;
    const redactor = makeRedactor({ credentials: true });
    expect(redactor.redactText(`use ${key}, then ${key}`)).toBe(
      "use [github-token-1], then [github-token-1]",
    );
    expect(redactor.redact({ api_key: "9f8Kq27xLmPz41TtRw0B" })).toEqual({ api_key: "[generic-secret-1]" });
    expect(redactedText(`use ${key}`)).toBe(`use ${key}`);
    expect(findSecrets(redactor.redactText(`token=${key}`))).toEqual([]);
  });

  it("gives a user's id one name in all traces where it is personal data, and leaves other ids", () => {
    const named = (id: string) => makeRedactor({ pseudonyms: true }).redactText(id, "user.id");
    expect(named("ann@x.example")).toMatch(/^\[email-[0-9a-f]{16}\]$/);
    expect(named("ann@x.example")).toBe(storedUserId("ann@x.example"));
    expect(named("bob@x.example")).not.toBe(named("ann@x.example"));
    expect(named("user-4711")).toBe("user-4711");
    expect(named(named("ann@x.example"))).toBe(named("ann@x.example"));
    expect(redactedText("ann@x.example", "user.id")).toBe("[email-1]");
  });

  it("gives no other value a mark that is taken", () => {
    const redactor = makeRedactor();
    redactor.reserve("earlier: [email-3], [card-1]");
    expect(redactor.redactText("a@b.example, 203.0.113.9")).toBe("[email-4], [ip-1]");
  });

  it("comes to the same, with the same counts, for a text in pieces and for its pieces", () => {
    const turn = (number: number) => ({
      role: "user",
      content: `I am u${number % 3}@x.example. ${"word ".repeat(40)}`,
    });
    const turns = Array.from({ length: 30 }, (_, index) => turn(index));
    const whole = makeRedactor();
    const single = makeRedactor();
    const text = whole.redactText(JSON.stringify(turns));
    expect(JSON.parse(text)).toEqual(
      turns.map(({ role, content }) => ({ role, content: single.redactText(content) })),
    );
    expect(whole.counts()).toEqual({ email: 30 });
    expect(whole.counts()).toEqual(single.counts());
  });

  it("changes nothing the second time", () => {
    const once = redactedText("a@b.example, 4111 1111 1111 1111, +49 30 901820");
    expect(redactedText(once)).toBe(once);
  });

  it("takes a time that grows with the text, not with its square", () => {
    for (const piece of ["1", "1 ", "a.", "a@", "AB12", "1.", "ab:", "+1 ", "(1"]) {
      const text = `@1${piece.repeat(400_000 / piece.length)}`;
      const elapsed = startCpuWatch();
      redactedText(text);
      expect(elapsed(), piece).toBeLessThan(2_500);
    }
  });
});
