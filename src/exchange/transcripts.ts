/** @file What was asked and answered in each trial, out of a run's journal. */
import type { ChatRequest, Reply } from "../chat.ts";

/** One question of a trial, with what came back. */
export interface Turn {
  readonly turn: number;
  readonly request: ChatRequest;
  /** Absent where the endpoint declined, or answered what is no answer. */
  readonly reply?: Reply;
  /** Why there is none. */
  readonly declined?: string;
}

/** Turns by trial, in order. */
export type Transcripts = ReadonlyMap<string, readonly Turn[]>;

/**
 * The subject's transcripts in a journal. Lines that cannot be read were cut short by a crash; the run has asked again.
 *
 * @param lines as a journal's port gives them
 * @param options `withExchanges`: keep the bytes of every exchange too, several times as large as what was said
 */
export async function readTranscripts(
  lines: AsyncIterable<string> | Iterable<string>,
  { withExchanges = false } = {},
): Promise<Transcripts> {
  const trials = new Map<string, Turn[]>();
  for await (const text of lines) {
    const line = parse(text);
    if (line?.kind !== "answer" || line.role !== "subject" || typeof line.trial !== "string") continue;
    if (typeof line.turn !== "number") continue;
    const turns = trials.get(line.trial) ?? [];
    turns.push({
      turn: line.turn,
      request: line.request as ChatRequest,
      ...(line.reply ? { reply: withExchanges ? (line.reply as Reply) : withoutExchange(line.reply as Reply) } : {}),
      ...(line.declined ? { declined: String((line.declined as { message?: unknown }).message ?? "declined") } : {}),
    });
    trials.set(line.trial, turns);
  }
  for (const turns of trials.values()) turns.sort((a, b) => a.turn - b.turn);
  return trials;
}

function withoutExchange({ exchange: _, ...reply }: Reply): Reply {
  return reply;
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
