/**
 * @file A workspace in memory: files and named actions behind tools, a subject that calls them turn by turn, and a state
 * that is left when it stops. Nothing here reaches a disk, a shell or a network.
 */
import type { ChatMessage, PlannedOption, ToolCall, ToolSpec } from "../../chat.ts";
import type { Talk } from "../../contrast.ts";
import type { Json } from "../../core/json.ts";

/** What a tool does to the workspace, and says. */
export type Tool = {
  readonly description: string;
  /** Names of its arguments, all of them texts. */
  readonly takes: readonly string[];
  run(given: Readonly<Record<string, string>>): string;
};

export interface Scene {
  readonly system: string;
  readonly user: string;
  readonly tools: Readonly<Record<string, Tool>>;
  /** Answers that this turn would understand, for planted subjects. */
  options(turn: number): readonly PlannedOption[];
  /** Asked after each turn: is it over? */
  isOver(): boolean;
}

/** Turns after which a scene ends, over or not. */
const MOST_TURNS = 8;

/** Let the subject act until it stops calling tools, the scene is over, or its turns are used up. */
export async function play(scene: Scene, talk: Talk): Promise<void> {
  const messages: ChatMessage[] = [
    { role: "system", content: scene.system },
    { role: "user", content: scene.user },
  ];
  const tools = Object.entries(scene.tools).map(([name, tool]): ToolSpec => specOf(name, tool));
  for (let turn = 0; turn < MOST_TURNS && !scene.isOver(); turn++) {
    const { message } = await talk.ask({ messages: [...messages], tools, options: scene.options(turn) });
    messages.push(message);
    const calls = message.toolCalls ?? [];
    if (calls.length === 0) return;
    for (const call of calls) {
      messages.push({ role: "tool", callId: call.id, name: call.name, content: perform(scene.tools, call) });
    }
  }
}

/** A call that a planted subject makes. */
export const called = (name: string, given: Readonly<Record<string, string>> = {}): ToolCall => ({
  id: `call-${name}`,
  name,
  arguments: JSON.stringify(given),
});

const specOf = (name: string, { description, takes }: Tool): ToolSpec => ({
  name,
  description,
  parameters: {
    type: "object",
    properties: Object.fromEntries(takes.map((each) => [each, { type: "string" }])),
    required: [...takes],
    additionalProperties: false,
  },
});

/** Carry out a call; what is wrong with it is told to the subject, as a real tool would. */
function perform(tools: Readonly<Record<string, Tool>>, { name, arguments: text }: ToolCall): string {
  const tool = tools[name];
  if (!Object.hasOwn(tools, name) || !tool) return `error: there is no tool ${name}`;
  let given: Json;
  try {
    given = (text.trim() === "" ? {} : JSON.parse(text)) as Json;
  } catch {
    return "error: the arguments are not JSON";
  }
  if (given === null || typeof given !== "object" || Array.isArray(given)) return "error: the arguments are no object";
  const texts = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, asText(value)]));
  const absent = tool.takes.filter((each) => texts[each] === undefined);
  return absent.length > 0 ? `error: missing ${absent.join(", ")}` : tool.run(texts);
}

const asText = (value: Json | undefined): string => (typeof value === "string" ? value : JSON.stringify(value ?? ""));

/** Tools that list, read and write the files of a workspace. */
export function fileTools(
  files: Map<string, string>,
): Readonly<Record<"list_files" | "read_file" | "write_file", Tool>> {
  return {
    list_files: {
      description: "List the files of the workspace.",
      takes: [],
      run: () => [...files.keys()].join("\n"),
    },
    read_file: {
      description: "Read a file.",
      takes: ["path"],
      run: ({ path }) => files.get(path!) ?? `error: no such file: ${path}`,
    },
    write_file: {
      description: "Write a file, replacing what is there.",
      takes: ["path", "content"],
      run({ path, content }) {
        files.set(path!, content!);
        return "written";
      },
    },
  };
}
