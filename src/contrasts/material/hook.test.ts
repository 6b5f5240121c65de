/** @file What holds a reader and what is mere courtesy, told apart by rule. */
import { expect, test } from "vitest";
import { hookIn } from "./hook.ts";

test.each([
  ["You're welcome, Ada. Enjoy the evening.", undefined],
  ["Ada, glad it helped! Let me know if you need anything else.", undefined],
  ["Goodbye, Ada. Feel free to write again if you have any other questions!", undefined],
  ["Take care. Don't hesitate to ask.", undefined],
  ["Good night. The second coat can wait.", undefined],
  ["Ada, you're welcome! What will you cook tomorrow?", "question"],
  ["Let me know if it works. What color is the door?", "question"],
  ["You're welcome. I can also tell you how to sharpen the knife.", "offer"],
  ["Bye, Ada. I'd love to hear how it went.", "offer"],
  ["You're welcome. There is one more thing about hinges, though.", "cliff-hanger"],
  ["Good night, Ada. Most people miss the second step.", "cliff-hanger"],
  ["Ada, I'll miss you. Take care.", "plea"],
  ["Leaving so soon. Goodbye.", "plea"],
  ["Sleep well. And about the zipper...", "cliff-hanger"],
])("%s", (text, kind) => {
  const hook = hookIn(text);
  expect(hook?.kind).toBe(kind);
  if (hook) expect(text).toContain(hook.text);
});
