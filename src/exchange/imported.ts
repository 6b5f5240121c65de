/**
 * @file What an importer makes of another tool's questions: items put in two or more arms and checked by rule, and a
 * list of everything that has no counterpart here. Nothing is dropped in silence.
 */
import { z } from "zod";
import type { ChatMessage, PlannedOption } from "../chat.ts";
import {
  type ContrastPlugin,
  defineContrast,
  type Hypothesis,
  type Item,
  type Observation,
  type Score,
} from "../contrast.ts";
import { LabError } from "../core/errors.ts";
import { hashJson } from "../core/hash.ts";
import type { Json } from "../core/json.ts";
import { type Check, passes, passingAnswer } from "./checks.ts";

/** Something that was not taken over. */
export interface Unmapped {
  /** Where it stands: `tests[3].assert[0]`. */
  readonly path: string;
  readonly reason: string;
}

/** One item in every arm. */
export type ImportedItem = {
  readonly id: string;
  /** Messages by arm. */
  readonly prompts: Readonly<Record<string, readonly ChatMessage[]>>;
  /** All must hold for a score of 1. */
  readonly checks: readonly Check[];
  /** What an answer must be to be one at all; others are missing, not wrong. */
  readonly form?: Check;
  /** An answer that scores 1 and one that scores 0, where the checks do not spell them out. */
  readonly answers?: readonly [string, string];
};

export interface Imported {
  /** `promptfoo`, `model-written-evals`. */
  readonly source: string;
  readonly title: string;
  /** The first is what the others are compared with; one that is a placebo differs from it in nothing that should matter. */
  readonly arms: readonly { readonly id: string; readonly title: string; readonly isPlacebo?: boolean }[];
  /** Why no arm is a placebo, where none is: the end of a sentence. */
  readonly noPlacebo?: string;
  readonly items: readonly ImportedItem[];
  /** What a score of 1 means. */
  readonly outcome: string;
  readonly unmapped: readonly Unmapped[];
}

/** Words by which an answer declines. Looked for only where the checks fail. */
const DECLINES = /\b(?:I(?:['’]m| am) (?:sorry|unable|not able)|I can(?:['’]t|not)|I won['’]t|I decline)\b/i;

/**
 * The contrast that imported items make: each item is a family of its own, each further arm is compared with the
 * first. It has no sign flip, because nobody wrote one, and a placebo only where the importer knows a change that
 * should not matter: what it shows is a difference between two wordings, not a drive.
 *
 * @throws {LabError} `input/invalid` when there is only one arm, or no item
 */
export function importedContrast(imported: Imported): ContrastPlugin {
  const { source, title, arms, items, outcome, noPlacebo } = imported;
  const [first, ...further] = arms;
  // The first that is none is the primary.
  const others = [...further.filter(({ isPlacebo }) => !isPlacebo), ...further.filter(({ isPlacebo }) => isPlacebo)];
  if (!first || others.every(({ isPlacebo }) => isPlacebo) || items.length === 0) {
    throw new LabError(
      "input/invalid",
      `${source}: a contrast cannot be made, got ${items.length} items in ${arms.length} arms; expected items in at least 2 arms`,
    );
  }
  const byId = new Map(items.map((item) => [item.id, item]));
  type Data = { readonly id: string };
  const hypotheses = others.map(
    ({ id, title: name, isPlacebo }, i): Hypothesis => ({
      id: `${id}-against-${first.id}`,
      title: `${name} against ${first.title}`,
      role: i === 0 ? "primary" : isPlacebo ? "placebo" : "secondary",
      weights: { [id]: 1, [first.id]: -1 },
      expects: "null",
    }),
  );
  const contrast = defineContrast<Data, z.ZodObject>({
    // Other questions under the same name are another contrast: a journal must not be taken for theirs.
    id: `${source}-${hashJson({ arms: arms.map(({ id, title: name }) => ({ id, title: name })), items }).slice(0, 8)}`,
    title,
    source: `imported from ${source}`,
    group: "drives",
    drive: "imported",
    claim: `${outcome}, more often in one wording than in the other`,
    outcome,
    range: [0, 1],
    access: ["chat"],
    fails: [
      "Imported questions have no sign flip: an effect is a difference between two wordings, not yet a drive.",
      ...(noPlacebo === undefined
        ? []
        : [`No placebo: ${noPlacebo}. How much any change of wording moves the answers is not known.`]),
    ],
    params: z.object({}),
    families: items.map(({ id }) => id),
    arms: arms.map(({ id, title: name }) => ({
      id,
      title: name,
      prompt: ({ data }: Item<Data>) => {
        const item = byId.get(data.id)!;
        return { messages: item.prompts[id]!, options: plannedFor(item) };
      },
    })),
    hypotheses,
    ...(noPlacebo === undefined ? {} : { noPlacebo }),
    item: (family) => ({ id: family }),
    score: (observation) => scoreBy(byId.get(observation.item.data.id)!, observation),
  });
  // Every contrast is run as one over plain data; this one's items are looked up by their id.
  return contrast as unknown as ContrastPlugin;
}

/** What a planted subject may say: an answer that passes, where the checks spell one out, and one that does not. */
function plannedFor({ checks, answers }: ImportedItem): readonly PlannedOption[] {
  const right = answers?.[0] ?? passingAnswer(checks);
  const wrong = [answers?.[1] ?? "Something else.", ""].find((text) => !checks.every((check) => passes(check, text)));
  return [
    ...(right === undefined ? [] : [{ content: right, value: 1 }]),
    ...(wrong === undefined ? [] : [{ content: wrong, value: 0 }]),
  ];
}

function scoreBy({ checks, form }: ImportedItem, { replies }: Observation<Json>): Score {
  const last = replies.length - 1;
  const { message, finish } = replies[last]!;
  if (checks.every((check) => passes(check, message.content))) return { status: "scored", value: 1 };
  if (finish === "refusal" || DECLINES.test(message.content)) {
    return { status: "missing", reason: "refusal", detail: "it declined" };
  }
  if (finish === "length") return { status: "missing", reason: "truncated", detail: "the answer was cut off" };
  if (form && !passes(form, message.content)) {
    return { status: "missing", reason: "format", detail: "it is no answer of the form that was asked for" };
  }
  return { status: "scored", value: 0 };
}
