/**
 * @file A local HTTP server that speaks OpenAI's chat completions for any subject that talks: planted ones and models
 * trained here. It is the peer that providers are tested against, faults included.
 *
 * It listens on 127.0.0.1 alone and answers only requests that name that address as host and come from no foreign
 * page, so that no web page can reach it, by rebinding a name either.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ChatFailure, type ChatSubject, decodePlan, PLAN_HEADER, type Reply, type TrialPlan } from "../chat.ts";
import { LabError } from "../core/errors.ts";
import { hashBytes } from "../core/hash.ts";
import { chatRequest, completion, completionEvents, completionRequest, wireError } from "./chat-completions.ts";
import { type FaultRates, faultDrawer } from "./faults.ts";

export interface ModelServerOptions {
  /** By the name under which clients ask for them. */
  readonly subjects: Readonly<Record<string, ChatSubject>>;
  /** 0: any that is free. */
  readonly port?: number;
  readonly faults?: FaultRates;
  /** Seed of the faults. */
  readonly seed?: number;
  /** What a 429 asks a client to wait, in milliseconds. Default 1000; other than whole seconds, `retry-after-ms` says. */
  readonly retryAfterMs?: number;
  /** Where given, requests without it are refused with 401. */
  readonly key?: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface ModelServer {
  /** `http://127.0.0.1:<port>/v1` */
  readonly baseUrl: string;
  /** What was answered so far: requests by outcome, `ok` among them. */
  readonly counts: ReadonlyMap<string, number>;
  /** Ends every connection, hanging ones too. */
  close(): Promise<void>;
}

/** A longer request body is refused with 413. */
const MAX_REQUEST_BYTES = 4 << 20;

/** Plans of trials travel in a header, with every answer that a contrast would understand. */
const MAX_PLAN_BYTES = 1 << 20;

/**
 * Start the server.
 *
 * @throws {LabError} `input/invalid` when the port is taken or the rates are no shares
 */
export async function serveModels(options: ModelServerOptions): Promise<ModelServer> {
  const counts = new Map<string, number>();
  const draw = faultDrawer(options.faults ?? {}, options.seed ?? 0);
  let served = 0;
  const server = createServer({ maxHeaderSize: MAX_PLAN_BYTES }, (request, response) => {
    response.on("error", () => undefined); // the client went away
    const count = (outcome: string) => counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    const exchange: Exchange = { request, response, options, draw, count, number: served++ };
    handle(exchange).catch((error: unknown) => {
      count("broken");
      if (!response.headersSent)
        send(response, 500, wireError(`internal: ${(error as Error).message}`, "server_error"));
      else response.destroy();
    });
  });
  // Node would close connections of slow clients by itself; here only faults do that.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  const { port } = await listen(server, options.port ?? 0);
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new LabError(
          "input/invalid",
          `serve-model: port ${port} cannot be used, got ${error.code}; expected a free one`,
          {
            hint: "Leave --port out to take any that is free.",
          },
        ),
      ),
    );
    server.listen(port, "127.0.0.1", () => resolve(server.address() as AddressInfo));
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly options: ModelServerOptions;
  readonly draw: (key: () => string) => string | undefined;
  readonly count: (outcome: string) => void;
  readonly number: number;
}

async function handle(exchange: Exchange): Promise<void> {
  const { request, response, options, count } = exchange;
  const refuse = (status: number, message: string, type: string, code: string | null = null) => {
    count(String(status));
    send(response, status, wireError(message, type, code));
  };
  if (!isOwn(request)) return refuse(403, "this server answers only programs on this machine", "forbidden");
  if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
    return refuse(401, "the key is missing or wrong", "invalid_request_error", "invalid_api_key");
  }
  const path = (request.url ?? "").split("?")[0];
  if (path === "/v1/models") {
    if (request.method !== "GET") return refuse(405, "expected GET", "invalid_request_error");
    const data = Object.keys(options.subjects).map((id) => ({
      id,
      object: "model",
      created: 0,
      owned_by: "mesascope",
    }));
    count("models");
    return send(response, 200, JSON.stringify({ object: "list", data }));
  }
  if (path !== "/v1/chat/completions") return refuse(404, `no such address: ${path}`, "invalid_request_error");
  if (request.method !== "POST") return refuse(405, "expected POST", "invalid_request_error");
  const body = await readBody(request);
  if (body === undefined) return refuse(413, `the request exceeds ${MAX_REQUEST_BYTES} bytes`, "invalid_request_error");
  return complete(exchange, body, refuse);
}

type Refuse = (status: number, message: string, type: string, code?: string | null) => void;

/** Only this address as host, and no page of another origin. */
function isOwn({ headers, socket }: IncomingMessage): boolean {
  const own = new Set([`127.0.0.1:${socket.localPort}`, `localhost:${socket.localPort}`]);
  if (!own.has(headers.host ?? "")) return false;
  return headers.origin === undefined || own.has(headers.origin.replace(/^http:\/\//, ""));
}

async function complete(exchange: Exchange, body: string, refuse: Refuse): Promise<void> {
  const { request, response, options, draw, count, number } = exchange;
  const asked = parseRequest(body);
  if (typeof asked === "string") return refuse(400, asked, "invalid_request_error");
  const subject = Object.hasOwn(options.subjects, asked.model) ? options.subjects[asked.model] : undefined;
  if (!subject)
    return refuse(404, `the model ${asked.model} does not exist`, "invalid_request_error", "model_not_found");
  const header = request.headers[PLAN_HEADER];
  const plan = typeof header === "string" ? parsePlan(header) : undefined;
  if (plan === null) return refuse(400, `${PLAN_HEADER} cannot be read`, "invalid_request_error");

  const fault = draw(() => hashBytes(new TextEncoder().encode(`${typeof header === "string" ? header : ""}\n${body}`)));
  if (fault === "rate-limited") {
    const wait = options.retryAfterMs ?? 1000;
    response.setHeader("retry-after", String(Math.ceil(wait / 1000)));
    response.setHeader("retry-after-ms", String(wait));
    return refuse(429, "rate limit reached", "rate_limit_error", "rate_limit_exceeded");
  }
  if (fault === "failing") return refuse(500, "the server had an error", "server_error");
  if (fault === "hanging") return count("hanging");
  if (fault === "malformed") {
    count("malformed");
    return send(response, 200, '{"id": "chatcmpl-broken", "choices": [{"message": {"content": "cut');
  }

  const controller = new AbortController();
  response.on("close", () => {
    // It closes after every answer too, when nobody waits for a signal that carries a stack.
    if (!response.writableFinished) controller.abort();
  });
  let reply: Reply;
  try {
    reply = await subject.reply(chatRequest(asked), { signal: controller.signal, ...(plan ? { plan } : {}) });
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    const [status, code] = STATUSES[error.kind];
    return refuse(status, error.message, status === 400 ? "invalid_request_error" : "server_error", code);
  }
  const envelope = {
    id: `chatcmpl-${number}`,
    model: asked.model,
    created: Math.floor(options.now() / 1000),
  };
  response.setHeader("x-request-id", `req-${number}`);
  const pieces = asked.stream
    ? completionEvents(reply, envelope, asked.stream_options?.include_usage === true)
    : completion(reply, envelope);
  const type = asked.stream ? "text/event-stream; charset=utf-8" : "application/json";
  if (fault === "truncated") {
    count("truncated");
    const text = typeof pieces === "string" ? pieces : pieces.join("");
    // The length of the whole is announced and half of it sent, as when a proxy dies.
    response.writeHead(200, {
      "content-type": type,
      ...(asked.stream ? {} : { "content-length": Buffer.byteLength(text) }),
    });
    response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
    return;
  }
  count("ok");
  send(response, 200, pieces, type);
}

const STATUSES = {
  rejected: [400, null],
  refusal: [400, "content_filter"],
  transport: [503, null],
  parse: [502, null],
} as const;

function parseRequest(body: string) {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return "the request is no JSON";
  }
  const parsed = completionRequest.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  return `${path.join(".") || "the request"}: ${message}`;
}

/** The plan of a trial, or null when the header holds none. */
function parsePlan(header: string): TrialPlan | null {
  try {
    const plan = decodePlan(header);
    return typeof plan === "object" && plan !== null && Array.isArray(plan.options) ? plan : null;
  } catch {
    return null;
  }
}

function send(
  response: ServerResponse,
  status: number,
  body: string | readonly string[],
  type = "application/json",
): void {
  if (typeof body === "string") {
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
    response.end(body);
    return;
  }
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  for (const piece of body) response.write(piece);
  response.end();
}

/** The whole body, or undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_REQUEST_BYTES) chunks.push(chunk);
    else if (size > 2 * MAX_REQUEST_BYTES) return undefined;
  }
  return size > MAX_REQUEST_BYTES ? undefined : Buffer.concat(chunks).toString("utf8");
}
