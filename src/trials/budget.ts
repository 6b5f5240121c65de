/**
 * @file What a run may cost, and what it has cost: requests, tokens and money. What a request could cost at most is set
 * aside before it is sent, so that the limit holds for what is under way too.
 */
import type { ChatRequest, Usage } from "../chat.ts";

export interface Budget {
  readonly requests?: number;
  readonly tokens?: number;
  /** In the currency of the prices. */
  readonly money?: number;
}

/** Per million tokens, in any currency. */
export interface Prices {
  readonly input: number;
  readonly output: number;
}

export interface Spent {
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly money: number;
}

/** A purse that says no. */
export interface Purse {
  /** Set aside what a request could cost; undefined where it could exceed the budget. */
  take(request: ChatRequest): Reservation | undefined;
  readonly spent: Spent;
}

export interface Reservation {
  /** It was answered: what it cost, or what was set aside where the endpoint did not say. */
  settle(usage: Usage | undefined): void;
  /** It was not answered: nothing was spent but the request. */
  release(): void;
}

/** Longest answer assumed where the request sets no limit. */
const ASSUMED_OUTPUT = 1024;
/** Characters of a token: few, so that the estimate is high rather than low. */
const CHARACTERS_PER_TOKEN = 3;

/** Tokens of a request at most: its characters over three, and its longest answer. */
export function estimateTokens({ messages, tools = [], maxTokens = ASSUMED_OUTPUT }: ChatRequest) {
  const characters =
    messages.reduce((sum, { content }) => sum + content.length + 12, 0) +
    tools.reduce((sum, tool) => sum + JSON.stringify(tool).length, 0);
  return { inputTokens: Math.ceil(characters / CHARACTERS_PER_TOKEN), outputTokens: maxTokens };
}

/** What tokens cost. */
export const priceOf = (usage: Pick<Usage, "inputTokens" | "outputTokens">, { input, output }: Prices): number =>
  (usage.inputTokens * input + usage.outputTokens * output) / 1e6;

/** @param before what earlier parts of the same run have spent: the budget is that of the whole */
export function createPurse(
  budget: Budget,
  prices: Prices = { input: 0, output: 0 },
  before: Omit<Spent, "money"> = { requests: 0, inputTokens: 0, outputTokens: 0 },
): Purse {
  const spent = { ...before, money: priceOf(before, prices) };
  const held = { tokens: 0, money: 0 };
  return {
    spent,
    take(request) {
      const most = estimateTokens(request);
      const [tokens, money] = [most.inputTokens + most.outputTokens, priceOf(most, prices)];
      const fits =
        spent.requests + 1 <= (budget.requests ?? Infinity) &&
        spent.inputTokens + spent.outputTokens + held.tokens + tokens <= (budget.tokens ?? Infinity) &&
        spent.money + held.money + money <= (budget.money ?? Infinity);
      if (!fits) return undefined;
      spent.requests++;
      held.tokens += tokens;
      held.money += money;
      const release = () => {
        held.tokens -= tokens;
        held.money -= money;
      };
      return {
        release,
        settle(usage = most) {
          release();
          spent.inputTokens += usage.inputTokens;
          spent.outputTokens += usage.outputTokens;
          spent.money += priceOf(usage, prices);
        },
      };
    },
  };
}
