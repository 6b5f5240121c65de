/**
 * @file A contrast of the user's own out of one YAML file. What is drawn for an item is one of the file's items and, for
 * a choice, the order of its options; wording comes from the family. An answer that is neither recognized as a 1 nor as
 * a 0 is missing, and one that is recognized as both too: silence is no score.
 */
import { z } from "zod";
import type { PlannedOption } from "../../chat.ts";
import {
  type Arm,
  type ContrastPlugin,
  defineContrast,
  type Hypothesis,
  type Item,
  type Observation,
  type Score,
} from "../../contrast.ts";
import {
  LETTER_REQUEST,
  lettered,
  plannedChoices,
  readChoice,
  shuffled,
  unread,
} from "../../contrasts/material/choice.ts";
import type { Rng } from "../../core/rng.ts";
import { type OwnDocument, readOwnDocument } from "./document.ts";
import { type OwnCheck, type OwnContrast, ownContrastFormat } from "./format.ts";

type Data = {
  readonly blanks: Readonly<Record<string, string>>;
  /** In the order in which they are shown; empty where the answer is no choice. */
  readonly options: readonly string[];
};

const BLANK = /\{\{\s*(\w+)\s*\}\}/g;
/** Characters of an answer that a pattern is tried on. */
const LONGEST = 20_000;

const fill = (text: string, blanks: Readonly<Record<string, string>>): string =>
  text.replace(BLANK, (_, name: string) => blanks[name] ?? "");

/** Refuse whatever the schema cannot see: names that name nothing, blanks that nothing fills, a scorer of two kinds. */
function checkWhole({ value, refuse }: OwnDocument<OwnContrast>): void {
  const { arms, hypotheses, families, items, scorer } = value;
  const twice = (kind: string, all: readonly { readonly id: string }[]) => {
    const at = all.findIndex(({ id }, i) => all.findIndex((other) => other.id === id) < i);
    if (at >= 0) throw refuse([kind, at, "id"], "expected a name that no other has");
  };
  twice("arms", arms);
  twice("families", families);
  twice("hypotheses", hypotheses);
  for (const [i, { plus, minus }] of hypotheses.entries()) {
    for (const [side, arm] of Object.entries({ plus, minus })) {
      if (!arms.some(({ id }) => id === arm)) {
        throw refuse(["hypotheses", i, side], `expected one of the arms ${arms.map(({ id }) => id).join(", ")}`);
      }
    }
    if (plus === minus) throw refuse(["hypotheses", i, "minus"], "expected another arm than plus");
  }
  const count = (role: string) => hypotheses.filter((each) => each.role === role).length;
  if (count("primary") !== 1) throw refuse(["hypotheses"], `expected one of role primary (${count("primary")} found)`);
  for (const role of ["placebo", "sign-flip"]) {
    if (count(role) === 0) throw refuse(["hypotheses"], `expected at least one of role ${role}`);
  }
  const hasChecks = scorer.one !== undefined && scorer.zero !== undefined;
  const isChoice = scorer.choice !== undefined;
  if (isChoice === hasChecks || (isChoice && (scorer.one || scorer.zero))) {
    throw refuse(["scorer"], "expected choice, or one and zero");
  }
  for (const [list, rows] of [
    ["families", families.map(({ blanks }) => blanks)],
    ["items", items],
  ] as const) {
    for (const [i, row] of rows.entries()) {
      for (const key of Object.keys(rows[0]!)) {
        if (!(key in row)) throw refuse([list, i], `expected the blank ${key}, which the first has`);
      }
    }
  }
  const known = new Set([...Object.keys(families[0]!.blanks), ...Object.keys(items[0]!)]);
  const checkText = (path: readonly PropertyKey[], text: string | undefined, own: readonly string[] = []) => {
    for (const [, name] of (text ?? "").matchAll(BLANK)) {
      if (!known.has(name!) && !own.includes(name!)) {
        throw refuse(path, `expected blanks among ${[...known, ...own].join(", ")}`);
      }
    }
  };
  for (const [i, { prompt, system }] of arms.entries()) {
    checkText(["arms", i, "prompt"], prompt, isChoice ? ["options"] : []);
    checkText(["arms", i, "system"], system);
    if (isChoice && !/\{\{\s*options\s*\}\}/.test(prompt)) {
      throw refuse(["arms", i, "prompt"], "expected the blank options somewhere in it");
    }
  }
  for (const [i, option] of (scorer.choice?.options ?? []).entries())
    checkText(["scorer", "choice", "options", i], option);
  checkText(["scorer", "choice", "scores"], scorer.choice?.scores);
  if (scorer.choice && !scorer.choice.options.includes(scorer.choice.scores)) {
    throw refuse(["scorer", "choice", "scores"], "expected one of the options, as it is written there");
  }
  for (const side of ["one", "zero"] as const) {
    for (const [kind, text] of Object.entries(scorer[side] ?? {})) {
      checkText(["scorer", side, kind], text);
      if (kind !== "regex" || text === undefined) continue;
      for (const item of items) {
        try {
          new RegExp(fill(text, { ...families[0]!.blanks, ...item }), "i");
        } catch {
          throw refuse(["scorer", side, kind], "expected a pattern that compiles, with every item filled in");
        }
      }
    }
  }
}

/** The words by which a check recognizes an answer. Space around it and case do not count; a pattern's blanks are part of it. */
function recognizes(check: OwnCheck, blanks: Data["blanks"], answer: string): string | undefined {
  const said = answer.trim();
  const lower = said.toLowerCase();
  if (check.regex !== undefined) return new RegExp(fill(check.regex, blanks), "i").exec(said.slice(0, LONGEST))?.[0];
  const wanted = fill(check.exact ?? check.contains ?? "", blanks).trim();
  const at = check.exact === undefined ? lower.indexOf(wanted.toLowerCase()) : lower === wanted.toLowerCase() ? 0 : -1;
  // Where lower case is longer than what was said, places do not fit: then nothing is quoted, and nothing scored.
  return at < 0 || lower.length !== said.length ? undefined : said.slice(at, at + wanted.length);
}

const EXPECTS = { primary: "positive", placebo: "null", "sign-flip": "negative", secondary: "null" } as const;

/**
 * The contrast that a file describes.
 *
 * @param where names the file in errors, and in what the contrast says of its source
 * @throws {LabError} `exchange/malformed` naming the line and the path
 */
export function readOwnContrast(text: string, where: string): ContrastPlugin {
  const document = readOwnDocument(ownContrastFormat, text, where);
  checkWhole(document);
  const given = document.value;
  const { choice, one, zero } = given.scorer;
  const options = ({ blanks, options: shown }: Data): readonly PlannedOption[] =>
    choice
      ? plannedChoices({ options: shown }, (option) => (option === fill(choice.scores, blanks) ? 1 : 0))
      : ([one, zero] as const).map((check, i) => ({
          content: fill(check!.example ?? check!.exact ?? check!.contains ?? "", blanks),
          value: 1 - i,
        }));
  const arms = given.arms.map(
    ({ id, title, system, prompt }): Arm<Data> => ({
      id,
      title,
      prompt({ data }: Item<Data>) {
        const blanks = { ...data.blanks, ...(choice ? { options: `${lettered(data)}\n\n${LETTER_REQUEST}` } : {}) };
        return {
          messages: [
            ...(system === undefined ? [] : [{ role: "system" as const, content: fill(system, blanks) }]),
            { role: "user" as const, content: fill(prompt, blanks).trim() },
          ],
          options: options(data),
        };
      },
    }),
  );
  const contrast = defineContrast({
    id: given.id,
    title: given.title,
    source: `a file of the user's own, ${where}`,
    group: "drives",
    drive: given.drive ?? given.id,
    claim: given.claim,
    outcome: given.outcome,
    range: [0, 1],
    access: ["chat"],
    fails: given.fails,
    params: z.object({}),
    families: given.families.map(({ id }) => id),
    arms,
    hypotheses: given.hypotheses.map(
      ({ plus, minus, expects, ...rest }): Hypothesis => ({
        ...rest,
        weights: { [plus]: 1, [minus]: -1 },
        expects: expects ?? EXPECTS[rest.role],
      }),
    ),
    item(family, rng: Rng): Data {
      const own = given.families.find(({ id }) => id === family)!;
      const blanks = { ...own.blanks, ...given.items[rng.int(given.items.length)]! };
      return {
        blanks,
        options: choice
          ? shuffled(
              choice.options.map((each) => fill(each, blanks)),
              rng,
            ).options
          : [],
      };
    },
    score({ item: { data }, replies }: Observation<Data>): Score {
      const reply = replies[0]!;
      if (choice) {
        const chosen = readChoice(data, reply);
        if (chosen.status === "missing") return chosen;
        return {
          status: "scored",
          value: chosen.option === fill(choice.scores, data.blanks) ? 1 : 0,
          quotes: [chosen.quote],
        };
      }
      const { content } = reply.message;
      if (reply.finish === "refusal" || reply.finish === "length") return unread(content, reply.finish);
      const [top, bottom] = [recognizes(one!, data.blanks, content), recognizes(zero!, data.blanks, content)];
      const found = top ?? bottom;
      if (found === undefined || (top !== undefined && bottom !== undefined)) return unread(content, reply.finish);
      return { status: "scored", value: top === undefined ? 0 : 1, quotes: [{ reply: 0, text: found }] };
    },
  });
  return contrast as unknown as ContrastPlugin;
}
