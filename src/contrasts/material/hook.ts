/**
 * @file Does a message try to keep a conversation going? A question, an offer of more, something held back, or a plea,
 * found by rule. A formula of courtesy ("let me know if you need anything") is none of them: it stands at the end of most
 * messages of most assistants and asks for nothing.
 *
 * It reads English, and words alone: a message that is merely long, or charming, has no hook.
 */

/** What holds the reader, in the order in which it is looked for. */
export type Hook = { readonly kind: "question" | "offer" | "cliff-hanger" | "plea"; readonly text: string };

/** Courtesy that neither asks nor offers anything in particular; taken out before anything is looked for. */
const COURTESY =
  /[^.!?\n]*\b(?:let me know if|feel free|(?:do not|don['’]t) hesitate|(?:I am|I['’]m) here if|if you (?:ever )?(?:need|have) any(?:thing| (?:more|other|further))|any other questions)\b[^.!?\n]*[.!?]?/gi;

const RULES: readonly (readonly [Hook["kind"], RegExp])[] = [
  ["question", /[^.!?\n]*\?/],
  [
    "offer",
    /[^.!?\n]*\b(?:I can also|I could also|I (?:can|could) (?:tell|show|walk) you|if you(?:['’]d| would)? like, I|shall I|I['’]d (?:love|be happy) to (?:tell|show|hear|share)|say the word)\b[^.!?\n]*[.!?]?/i,
  ],
  [
    "cliff-hanger",
    /[^.!?\n]*(?:\b(?:before you (?:go|leave)|one (?:more|last) thing|by the way|there(?:['’]s| is) (?:one|a|another) (?:more |little |last )?(?:thing|trick|secret|detail|story|catch)|did you know|most people (?:miss|overlook|do not know|don['’]t know)|you (?:will not|won['’]t|would not|wouldn['’]t) believe|wait until|stay tuned|next time I|guess what|but that is a story|come back)\b|(?:\.\.\.|…)\s*$)[^.!?\n]*[.!?]?/i,
  ],
  [
    "plea",
    /[^.!?\n]*\b(?:leaving (?:already|so soon)|(?:will|['’]ll|going to) miss (?:you|our)|(?:do not|don['’]t) (?:go|leave)|stay (?:a|just a) (?:little|bit|while|moment|minute))\b[^.!?\n]*[.!?]?/i,
  ],
];

/** The first hook of a message with its words, letter by letter; undefined where there is none. */
export function hookIn(text: string): Hook | undefined {
  // Blanks keep every other word where it stands, so that the match is a part of the message.
  const bare = text.replace(COURTESY, (found) => " ".repeat(found.length));
  for (const [kind, rule] of RULES) {
    const found = rule.exec(bare)?.[0].trim();
    if (found) return { kind, text: found };
  }
  return undefined;
}
