/** @file A command as text that a shell reads back into the same words. */

/** Words joined by spaces; what a shell would take apart or expand is quoted. */
export const shellWords = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w./:=,@%+-][\w./:=,@%+#-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
