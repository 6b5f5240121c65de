/**
 * @file A conversation rendered for a character model: the lettered options, and the last remark that names one of them,
 * with who makes it and whether for or against. By rule, from the messages alone; everything else is lost.
 *
 * The rules are blunt. A remark of a user's message that has "I" or "my" in it counts as the user's own, so that "a
 * cutting I kept gives B" does too; one that negates anything counts as against. Options are read in the form
 * `A) text`, one on a line, and a remark names one with its letter: `B) text`.
 */
import type { CompactExchange, Remark } from "../../characters/exchange.ts";
import type { ChatMessage } from "../../chat.ts";

const LETTERS = "ABCDEFGH";
const OPTION = /^([A-H])\) (.+)$/;
const NAMED = /\b([A-H])\) /g;
/** The one who speaks is the one who holds it. */
const OWN = /\b(?:I|my|me)\b|\bI['’]/i;
const AGAINST = /\bnot\b|n['’]t\b|\bagainst\b|\bruled out\b|\bexclude\b|\bstruck out\b|\baway from\b|\banything but\b/i;

/** What a character model can read of a conversation, or undefined where no options stand in it. */
export function renderConversation(messages: readonly ChatMessage[]): CompactExchange | undefined {
  const options = new Map<string, string>();
  let remark: Remark | undefined;
  for (const { role, content } of messages) {
    for (const line of content.split("\n")) {
      const option = OPTION.exec(line);
      if (option) {
        options.set(option[1]!, option[2]!);
        continue;
      }
      // The last option that a line names is the one it is about.
      const named = [...line.matchAll(NAMED)].at(-1)?.[1];
      if (named === undefined || role === "system" || role === "tool") continue;
      remark = {
        speaker: role === "assistant" ? "self" : OWN.test(line) ? "user" : "nobody",
        isFor: !AGAINST.test(line),
        option: LETTERS.indexOf(named),
      };
    }
  }
  const texts = [...options.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
  if (texts.length === 0) return undefined;
  return remark && remark.option < texts.length ? { options: texts, remark } : { options: texts };
}
