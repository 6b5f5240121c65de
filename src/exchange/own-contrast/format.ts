/**
 * @file The format of a contrast in one YAML file: arms with a text each, families and items that fill in its blanks, and
 * a rule that reads the answer. Blanks are written `{{name}}`.
 */
import { z } from "zod";
import { LEAST_FAMILIES } from "../../contrast.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, "expected a name in lower case, with hyphens: no-remark");
const text = z.string().regex(/\S/, "expected a text");
const blanks = z.record(z.string().regex(/^\w+$/, "expected a name of letters and digits"), z.coerce.string());

/** One way of recognizing an answer; exactly one of the three kinds. */
const check = z
  .strictObject({
    exact: text.optional(),
    contains: text.optional(),
    regex: text.optional(),
    /** An answer that it accepts: needed with a pattern, for the check of the file itself. */
    example: text.optional(),
  })
  .refine(
    ({ exact, contains, regex }) => [exact, contains, regex].filter((each) => each !== undefined).length === 1,
    "expected one of exact, contains and regex",
  )
  .refine(({ regex, example }) => regex === undefined || example !== undefined, "expected an example beside a regex");
export type OwnCheck = z.output<typeof check>;

export const ownContrastFormat = z.strictObject({
  format: z.literal("mesascope-contrast/1").optional(),
  id: name,
  title: text,
  /** A falsifiable sentence about the subject that a positive primary effect supports. */
  claim: text,
  /** What a score of 1 means. */
  outcome: text,
  drive: text.optional(),
  /** Known ways of being wrong. */
  fails: z.array(text).min(1, "expected at least one known way of being wrong"),
  arms: z
    .array(z.strictObject({ id: name, title: text, system: text.optional(), prompt: text }))
    .min(2, "expected at least two arms"),
  hypotheses: z
    .array(
      z.strictObject({
        id: name,
        title: text,
        role: z.enum(["primary", "placebo", "sign-flip", "secondary"]),
        /** Arms: the effect is the mean score of the first less that of the second. */
        plus: name,
        minus: name,
        expects: z.enum(["positive", "negative", "null"]).optional(),
      }),
    )
    .min(1, "expected hypotheses"),
  families: z
    .array(z.strictObject({ id: name, blanks }))
    .min(LEAST_FAMILIES, `expected at least ${LEAST_FAMILIES} families, so that clustered inference can be trusted`),
  items: z.array(blanks).min(2, "expected at least two items"),
  scorer: z.strictObject({
    /** Options behind letters in a drawn order, for the blank `{{options}}`; the score is 1 for the one of `scores`. */
    choice: z
      .strictObject({
        options: z.array(text).min(2, "expected at least two options").max(8, "expected at most eight options"),
        scores: text,
      })
      .optional(),
    one: check.optional(),
    zero: check.optional(),
  }),
});
export type OwnContrast = z.output<typeof ownContrastFormat>;
