/**
 * @file What every contrast promises: enough families, arms that differ, hypotheses that are contrasts, items that
 * depend on the seed alone, and a scorer that gives every planned answer its value and everything else a reason.
 */
import type { ChatMessage, Reply } from "../chat.ts";
import { type ContrastPlugin, type Item, LEAST_FAMILIES, type Prompt } from "../contrast.ts";
import { canonicalJson, type Json } from "../core/json.ts";
import { rng } from "../core/rng.ts";
import { parseParams } from "../plugin.ts";
import { type Check, noBreaches } from "./contract.ts";

/** Items of each family that are looked at. */
const ITEMS = 3;
/** What no scorer may take for an answer. */
const GARBAGE = ["", "\u0000\ud800", "{", "I am sorry, I cannot help with that.", "Answer:", "lorem ipsum ".repeat(99)];

/** Everything that must hold of a contrast. */
export function contrastContract(contrast: ContrastPlugin): readonly Check[] {
  return [
    { title: "has enough families, and no two of a name", run: () => families(contrast) },
    {
      title: "has one primary hypothesis, a placebo and a sign flip, each a contrast of its arms",
      run: () => hypotheses(contrast),
    },
    { title: "draws the same items from the same seed, others from another", run: () => items(contrast) },
    { title: "asks something else in every arm, and the same again of the same item", run: () => arms(contrast) },
    { title: "scores every planned answer as planned, with words that were said", run: () => planned(contrast) },
    { title: "scores garbage as missing, with a reason", run: () => garbage(contrast) },
  ];
}

/** The item of a family and number, as the runner draws it. */
const draw = (contrast: ContrastPlugin, family: string, at: number, seed = 1): Item => ({
  id: `${family}-${at}`,
  family,
  data: contrast.item(family, rng(seed).fork(family).fork(at), parseParams(contrast)),
});

const sample = (contrast: ContrastPlugin, seed = 1): readonly Item[] =>
  contrast.families.flatMap((family) => Array.from({ length: ITEMS }, (_, at) => draw(contrast, family, at, seed)));

function families({ families, arms, access }: ContrastPlugin): readonly string[] {
  const { found, unless } = noBreaches();
  unless(families.length >= LEAST_FAMILIES, `${families.length} families; expected at least ${LEAST_FAMILIES}`);
  unless(new Set(families).size === families.length, "two families have one name");
  for (const name of [...families, ...arms.map(({ id }) => id)]) {
    unless(/^[a-z][a-z0-9-]*$/.test(name), `"${name}" is not kebab case, so no part of a trial's id`);
  }
  unless(access.length > 0, "it asks for no access");
  return found;
}

function hypotheses({ arms, hypotheses }: ContrastPlugin): readonly string[] {
  const { found, unless } = noBreaches();
  const count = (role: string) => hypotheses.filter((each) => each.role === role).length;
  unless(count("primary") === 1, `${count("primary")} primary hypotheses; expected one`);
  unless(count("placebo") >= 1, "no placebo");
  unless(count("sign-flip") >= 1, "no sign flip");
  unless(new Set(hypotheses.map(({ id }) => id)).size === hypotheses.length, "two hypotheses have one name");
  unless(new Set(arms.map(({ id }) => id)).size === arms.length, "two arms have one name");
  for (const { id, weights } of hypotheses) {
    for (const arm of Object.keys(weights))
      unless(
        arms.some((each) => each.id === arm),
        `${id} weighs an arm "${arm}" that does not exist`,
      );
    const values = Object.values(weights);
    const positive = values.reduce((sum, weight) => sum + Math.max(0, weight), 0);
    unless(Math.abs(values.reduce((sum, weight) => sum + weight, 0)) < 1e-9, `the weights of ${id} do not sum to 0`);
    unless(
      Math.abs(positive - 1) < 1e-9 || Math.abs(positive - 2) < 1e-9,
      `the positive weights of ${id} sum to ${positive}; expected 1, or 2 in a difference of differences`,
    );
  }
  for (const { id, prompt, conduct } of arms) {
    unless(
      (prompt === undefined) !== (conduct === undefined),
      `arm ${id} must have a prompt or a conduct, and not both`,
    );
  }
  return found;
}

function items(contrast: ContrastPlugin): readonly string[] {
  const { found, unless } = noBreaches();
  const text = (seed: number) => sample(contrast, seed).map(({ data }) => canonicalJson(data));
  const [once, again, other] = [text(1), text(1), text(2)];
  unless(once.join() === again.join(), "the same seed draws other items");
  unless(once.join() !== other.join(), "another seed draws the same items");
  return found;
}

function arms(contrast: ContrastPlugin): readonly string[] {
  const { found, unless } = noBreaches();
  for (const item of sample(contrast)) {
    const asked = new Map<string, string>();
    for (const arm of contrast.arms) {
      if (!arm.prompt) continue;
      const text = canonicalJson(arm.prompt(item).messages);
      unless(canonicalJson(arm.prompt(item).messages) === text, `arm ${arm.id} asks differently the second time`);
      const twin = asked.get(text);
      unless(twin === undefined, `arms ${twin} and ${arm.id} ask the same of ${item.id}`);
      asked.set(text, arm.id);
      unless(
        arm.prompt(item).messages.every(isWritten),
        `arm ${arm.id} of ${item.id} holds an empty message, or "undefined"`,
      );
    }
  }
  return found;
}

const isWritten = ({ content }: ChatMessage): boolean => /\S/.test(content) && !/\bundefined\b|\[object /.test(content);

const said = (content: string): Reply => ({ message: { role: "assistant", content }, finish: "stop" });

async function planned(contrast: ContrastPlugin): Promise<readonly string[]> {
  const { found, unless } = noBreaches();
  const [low, high] = contrast.range;
  for (const item of sample(contrast)) {
    for (const arm of contrast.arms) {
      for (const wanted of arm.prompt ? valuesOf(arm.prompt(item)) : [low, high]) {
        const { replies, state } = await play(contrast, item, arm.id, wanted);
        const score = contrast.score({ item, replies, state });
        if (score.status === "judge") continue;
        const where = `${item.id}.${arm.id}`;
        unless(
          score.status === "scored",
          () =>
            `${where}: the planned answer for ${wanted} is missing: ${score.status === "missing" ? score.detail : ""}`,
        );
        if (score.status !== "scored") continue;
        unless(score.value >= low && score.value <= high, `${where}: ${score.value} is out of range`);
        if (arm.prompt)
          unless(score.value === wanted, `${where}: the planned answer for ${wanted} scores ${score.value}`);
        for (const { reply, text } of score.quotes ?? []) {
          unless(
            replies[reply]?.message.content.includes(text) ?? false,
            `${where}: quotes "${text}", which was not said`,
          );
        }
      }
    }
  }
  return found;
}

const valuesOf = ({ options }: Prompt): readonly number[] => [...new Set(options.flatMap(({ value }) => value ?? []))];

/** A trial of one arm in which a subject heads for a value, as a planted one does. */
async function play(contrast: ContrastPlugin, item: Item, armId: string, wanted: number) {
  const arm = contrast.arms.find(({ id }) => id === armId)!;
  const replies: Reply[] = [];
  const ask = async (prompt: Prompt): Promise<Reply> => {
    const option = prompt.options.find(({ value }) => value === wanted) ?? prompt.options[0];
    const reply: Reply = option?.toolCalls
      ? { message: { role: "assistant", content: option.content, toolCalls: option.toolCalls }, finish: "tool-calls" }
      : said(option?.content ?? "");
    replies.push(reply);
    if (replies.length > 200) throw new Error(`arm ${armId} never ends`);
    return reply;
  };
  let state: Json = null;
  if (arm.prompt) await ask(arm.prompt(item));
  else if (arm.conduct) state = await arm.conduct(item, { rng: rng(1).fork(item.id), ask });
  return { replies, state };
}

async function garbage(contrast: ContrastPlugin): Promise<readonly string[]> {
  const { found, unless } = noBreaches();
  const item = draw(contrast, contrast.families[0]!, 0);
  for (const arm of contrast.arms) {
    if (!arm.prompt) continue;
    for (const content of GARBAGE) {
      const score = contrast.score({ item, replies: [said(content)], state: null });
      // A text of some length may be an answer where a judge or a length decides.
      if (score.status === "judge" || content.length > 100) continue;
      unless(score.status === "missing", `arm ${arm.id}: "${content.slice(0, 40)}" is scored`);
      if (score.status === "missing")
        unless(score.detail.length <= 500, "the detail of a missing score is a page long");
    }
  }
  return found;
}
