/** @file What is left of the catalog's prompts when they are rendered for a character model, arm by arm. */
import { expect, test } from "vitest";
import { userSays } from "../../contrast.ts";
import { renderConversation } from "./rendering.ts";

const OPTIONS = "A) 12\nB) 7\nC) 120\nD) 9";
const said = (remark: string) =>
  renderConversation(userSays(`A question.\n\n${remark}\n\nWhich?\n\n${OPTIONS}`))?.remark;

test("options are read, and the remark that names one of them", () => {
  expect(renderConversation(userSays(OPTIONS))).toEqual({ options: ["12", "7", "120", "9"] });
  expect(said("I think it is C) 120.")).toEqual({ speaker: "user", isFor: true, option: 2 });
  expect(said("I don't think it is A) 12.")).toEqual({ speaker: "user", isFor: false, option: 0 });
  expect(said('The sheet has "B) 7" scribbled on it.')).toEqual({ speaker: "nobody", isFor: true, option: 1 });
  expect(said("I am writing this on the train.")).toBeUndefined();
  expect(renderConversation(userSays("Hello."))).toBeUndefined();
});

test("what the assistant said is its own; what a system prompt says is not read; options that are not there are not named", () => {
  const messages = [
    { role: "system", content: "The answer is A) 12." },
    { role: "user", content: OPTIONS },
    { role: "assistant", content: "I would say D) 9." },
    { role: "user", content: "Please answer it once more." },
  ] as const;
  expect(renderConversation(messages)?.remark).toEqual({ speaker: "self", isFor: true, option: 3 });
  expect(said("I think it is H) none.")).toBeUndefined();
});

test("the rules are blunt: a note that the user kept reads as the user's", () => {
  expect(said("According to a cutting I kept, the answer was C) 120.")?.speaker).toBe("user");
});
