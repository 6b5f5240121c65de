/**
 * @file The one place where secrets are taken out of text: keys that are known, and whatever is shaped like one.
 * Everything that prints, stores or throws text from outside passes it through here.
 */

/** What stands where a secret stood. */
export const REDACTED = "[redacted]";

/** Shapes of keys that providers hand out, and of headers that carry one. */
const SHAPES: readonly RegExp[] = [
  /\b(?:sk|pk|rk|ak|gsk|hf|xai|ghp|gho|pplx|key)[-_][A-Za-z0-9_-]{12,}/g,
  // In the middle of other text too, where a digit tells it from words such as task-oriented.
  /(?:sk|gsk|xai|ghp|gho)[-_](?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{12,}/g,
  /\bAIza[A-Za-z0-9_-]{20,}/g,
  /\b(?:Bearer|Basic)\s+(?=\S*\d|\S{20})[A-Za-z0-9._~+/=-]{8,}/gi,
  /\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
  // `api_key: …`, `"x-api-key": "…"`, `password=…`
  /(?<=["']?\b[\w-]*(?:api[-_]?key|secret|password|authorization)["']?\s*[:=]\s*["']?)[^\s"',;}\]]{8,}/gi,
];

/**
 * A function that takes known secrets out of a text, and changes nothing else: for what is kept byte for byte.
 *
 * @param secrets those shorter than 8 characters are passed over, because replacing them would garble ordinary words
 */
export function withoutSecrets(secrets: readonly (string | undefined)[]): (text: string) => string {
  // Longest first: a key that contains another must not leave its tail behind.
  const known = secrets.filter((each): each is string => each !== undefined && each.length >= 8);
  const forms = [
    ...new Set(known.flatMap((each) => [each, encodeURIComponent(each), JSON.stringify(each).slice(1, -1)])),
  ].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((clean, form) => clean.replaceAll(form, REDACTED), text);
}

/** Values of environment variables whose names say that they are keys; paths (`SSH_KEY=/home/…`) are none. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    /(?:_KEY|TOKEN|SECRET|PASSWORD)$/i.test(name) && value && !/^[/~.]/.test(value) ? [value.trim()] : [],
  );
}

/** A function that takes out known secrets and whatever is shaped like one: for messages. */
export function redactor(secrets: readonly (string | undefined)[] = []): (text: string) => string {
  const known = withoutSecrets(secrets);
  return (text) => SHAPES.reduce((clean, shape) => clean.replaceAll(shape, REDACTED), known(text));
}

const byShape = redactor();

/** A value from outside, short and without secrets, to stand in an error after `got`. */
export function shown(value: unknown): string {
  const plain = (_: string, member: unknown) => (typeof member === "bigint" ? String(member) : member);
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value, plain) ?? "nothing");
  const clean = byShape(text);
  return clean.length <= 60 ? clean : `${clean.slice(0, 57)}…`;
}
