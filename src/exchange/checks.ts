/**
 * @file Checks of an answer's text that need no model and run no code: the deterministic assertions that promptfoo's
 * configurations are mostly made of, and their negations.
 */

export const CHECK_KINDS = [
  "equals",
  "contains",
  "icontains",
  "contains-all",
  "contains-any",
  "icontains-all",
  "icontains-any",
  "starts-with",
  "regex",
  "is-json",
] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** One check; plain data. */
export type Check = {
  readonly kind: CheckKind;
  /** What is looked for; a check of several texts has several. */
  readonly values: readonly string[];
  /** Passes where the check itself fails. */
  readonly isNegated: boolean;
};

/** Characters of an answer that a pattern is tried on. */
const LONGEST = 20_000;

/** Whether a text passes. Texts are compared without the white space around them. */
export function passes({ kind, values, isNegated }: Check, answer: string): boolean {
  return holds(kind, values, answer.trim()) !== isNegated;
}

function holds(kind: CheckKind, values: readonly string[], answer: string): boolean {
  const lower = answer.toLowerCase();
  const has = (value: string) => answer.includes(value);
  const ihas = (value: string) => lower.includes(value.toLowerCase());
  switch (kind) {
    case "equals":
      return values.some((value) => answer === value.trim());
    case "contains":
    case "contains-any":
      return values.some(has);
    case "icontains":
    case "icontains-any":
      return values.some(ihas);
    case "contains-all":
      return values.every(has);
    case "icontains-all":
      return values.every(ihas);
    case "starts-with":
      return values.some((value) => answer.startsWith(value));
    case "regex":
      return values.some((value) => new RegExp(value).test(answer.slice(0, LONGEST)));
    case "is-json":
      return isJson(answer);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Why a pattern cannot be used, or undefined where it can. A repeated group that itself repeats or chooses can take
 * time exponential in the text, and nothing here can stop a pattern once it runs.
 */
export function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern);
  } catch {
    return "it is no regular expression of this language";
  }
  if (/\([^()]*(?:[+*?}|]|\([^()]*\))[^()]*\)(?:[+*]|\{\d*,)/.test(pattern) || /\\[1-9]|\\k</.test(pattern)) {
    return "its repeated groups could take for ever";
  }
  return pattern.length > 500 ? "it is too long" : undefined;
}

/** An answer that passes every check, where one can be written down from the checks alone. */
export function passingAnswer(checks: readonly Check[]): string | undefined {
  const words = checks.flatMap(({ kind, values, isNegated }) => {
    if (isNegated || kind === "regex" || kind === "is-json") return [];
    return kind.endsWith("-all") ? values : values.slice(0, 1);
  });
  const answer = words.join(" ");
  return checks.every((check) => passes(check, answer)) ? answer : undefined;
}
