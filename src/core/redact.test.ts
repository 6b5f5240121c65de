/** @file Secrets are taken out, and nothing else is. */
import { expect, test } from "vitest";
import { REDACTED, redactor, secretsIn, shown, withoutSecrets } from "./redact.ts";

const KEY = 'k3y"with\\odd/characters+=';

test("a known secret is taken out in every form it travels in", () => {
  const clean = withoutSecrets([KEY, undefined, "short"]);
  for (const form of [KEY, JSON.stringify(KEY), encodeURIComponent(KEY), JSON.stringify({ a: `x${KEY}y` })]) {
    expect(clean(`before ${form} after`)).toContain(REDACTED);
    expect(clean(`before ${form} after`)).not.toContain("odd");
  }
  expect(clean("a short word stays")).toBe("a short word stays");
});

test("of a secret within a secret no tail is left", () => {
  const clean = withoutSecrets(["abcdefgh", "abcdefgh-and-more"]);
  expect(clean("abcdefgh-and-more")).toBe(REDACTED);
});

test.each([
  "sk-proj-abcdefghijklmnop",
  "xsk-0123456789abcdefg",
  "a Bearer abcdefghijk1",
  '"x-api-key": "0123456789abcdef"',
  "api_key=0123456789abcdef",
  "AIzaSyA0123456789abcdefghijklmnop",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
])("%s is shaped like a secret", (text) => expect(redactor()(text)).toContain(REDACTED));

test.each(["risk-free and task-oriented", "the key: a door has one", "basic research", "sk-1", "tokens: 12345678"])(
  "%s is not",
  (text) => expect(redactor()(text)).toBe(text),
);

test("of an environment, keys and no paths", () => {
  const env = {
    OPENAI_API_KEY: " sk-1 ",
    GITHUB_TOKEN: "t",
    SSH_KEY: "/home/x",
    HOME: "/root",
    KEYBOARD: "us",
    X_SECRET: undefined,
  };
  expect(secretsIn(env)).toEqual(["sk-1", "t"]);
});

test("values in errors are short and clean", () => {
  expect(shown("x".repeat(500)).length).toBeLessThanOrEqual(60);
  expect(shown({ key: "sk-abcdefghijklmnop" })).not.toContain("abcdefgh");
  expect([shown(undefined), shown(Number.NaN), shown({ x: [1n] }), shown("a")]).toEqual([
    "nothing",
    "NaN",
    '{"x":["1"]}',
    '"a"',
  ]);
});
