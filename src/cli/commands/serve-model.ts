/** @file `mesascope serve-model`: a subject that talks, behind a local endpoint that any client of OpenAI's format can ask. */
import { type Command, InvalidArgumentError } from "commander";
import { addAction, collect, type Door, type ExitCode } from "../context.ts";

interface ServeFlags {
  readonly [name: string]: unknown;
  readonly port?: number;
  readonly fault?: readonly string[];
  readonly retryAfter?: number;
}

export function registerServeModel(program: Command, door: Door, finished: (code: ExitCode) => void): void {
  const command = program
    .command("serve-model")
    .description("subjects that talk, behind a local endpoint in OpenAI's format, with faults at given rates")
    .argument("<subject...>", "planted:<name>, or the address of another subject; also the model's name for clients")
    .option("--port <n>", "port on 127.0.0.1 (default: any that is free)", parsePort)
    .option(
      "--fault <kind=rate>",
      "rate-limited, failing, hanging, truncated or malformed, for a share of requests; may be repeated",
      collect,
    )
    .option("--retry-after <ms>", "what a rate limit asks a client to wait", parsePort, 1000);
  addAction(command, door, finished, async (context, flags: ServeFlags, subjects) => {
    const { openChatSubject } = await import("../chat-subject.ts");
    const { parseFaults } = await import("../../serve/faults.ts");
    const { serveModels } = await import("../../serve/model-server.ts");
    const names = subjects as readonly string[];
    const opened = await Promise.all(
      names.map(async (name) => [name, await openChatSubject(name, undefined, context)] as const),
    );
    const signal = context.interruptible();
    const server = await serveModels({
      subjects: Object.fromEntries(opened),
      port: flags.port ?? 0,
      faults: parseFaults(flags.fault ?? []),
      seed: context.seed,
      retryAfterMs: flags.retryAfter ?? 1000,
      now: context.now,
    });
    const addresses = names.map((name) => `${server.baseUrl}#${name}`);
    context.print({ baseUrl: server.baseUrl, addresses }, () =>
      [...addresses.map((address) => `serving ${address}`), context.out.paint.dim("Press Ctrl-C to stop.")].join("\n"),
    );
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const counts = Object.fromEntries(server.counts);
    await server.close();
    context.err.line(`answered: ${JSON.stringify(counts)}`);
    return 0;
  });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError(`Expected a number up to 65535, got "${text}".`);
  return port;
}
