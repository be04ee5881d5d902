import { type Fetch, type Middleware, sender } from "./attempt.ts";
import { type AddOptions, type CallOptions, type Calls, call, type Logger } from "./call.ts";
import { enterpriseList, eventList, messageList, threadList } from "./lists.ts";
import type { List } from "./pages.ts";
import { redactionOf } from "./redaction.ts";
import { type Sleep, sleep } from "./retries.ts";
import { type ConnectorSocket, connectorSocket, type SocketOptions } from "./socket.ts";
import type * as wire from "./types.ts";

export interface ClientOptions {
  /** Where the server is, as in `https://innbox.example`. */
  readonly platformAddress: string;
  readonly clientToken: string;
  readonly accessToken: string;
  /** Name and version of your application, as in `Chatbot 1.0.0`. */
  readonly client: string;
  /** (+) The server knows `Idempotency-Key`, so that adds are repeated too. Default: `false`. */
  readonly idempotencyKeys?: boolean | undefined;
  /** How often a call is repeated at most. Default: 2. */
  readonly retries?: number | undefined;
  /** How long one attempt may take, in milliseconds. Default: 35,000, so that a server that gives up after 30 s can say so. */
  readonly timeout?: number | undefined;
  /** How long a `Retry-After` may be that is waited for, in milliseconds. Default: 60,000. */
  readonly longestWait?: number | undefined;
  /** Runs around every attempt, the first one outermost. */
  readonly middleware?: readonly Middleware[] | undefined;
  readonly logger?: Logger | undefined;
  /** Default: the global one. */
  readonly fetch?: Fetch | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Waits between attempts. */
  readonly sleep?: Sleep | undefined;
  /** From 0 to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The Connector API. Requests and answers are as on the wire, without the credentials. */
export interface Connector {
  readonly messageThreads: {
    getAll(
      request: wire.GetAllMessageThreadsRequest,
      options?: CallOptions,
    ): List<wire.GetAllMessageThreadsAnswer, wire.MessageThread>;
    add(request: wire.AddMessageThreadRequest, options?: AddOptions): Promise<wire.AddMessageThreadAnswer>;
  };
  readonly messages: {
    getAll(request: wire.GetAllMessagesRequest, options?: CallOptions): List<wire.GetAllMessagesAnswer, wire.Message>;
    add(request: wire.AddMessagesRequest, options?: AddOptions): Promise<wire.AddMessagesAnswer>;
  };
  readonly configuration: {
    get(request?: wire.GetConfigurationRequest, options?: CallOptions): Promise<wire.GetConfigurationAnswer>;
  };
  readonly enterprises: {
    getAll(
      request?: wire.GetAllEnterprisesRequest,
      options?: CallOptions,
    ): List<wire.GetAllEnterprisesAnswer, wire.LinkedEnterprise>;
  };
  /** (+) */
  readonly events: {
    getAll(
      request?: wire.GetAllEventsRequest,
      options?: CallOptions,
    ): List<wire.GetAllEventsAnswer, wire.ConnectorEvent>;
  };
  /** Listens for events; connects when it is first iterated. */
  socket(options?: SocketOptions): ConnectorSocket;
}

/** A client of one integration. @throws TypeError for an option that can't be right */
export function createClient(options: ClientOptions): Connector {
  const calls = callsOf(options);
  const { clientToken, accessToken } = options;
  const read = <Answer>(name: string, request: object, callOptions?: CallOptions) =>
    call(calls, { name, isRead: true }, request, callOptions) as Promise<Answer>;
  const add = <Answer>(name: string, request: object, addOptions?: AddOptions) =>
    call(calls, { name, isRead: false }, request, addOptions) as Promise<Answer>;

  const getConfiguration = (request: wire.GetConfigurationRequest, callOptions?: CallOptions) =>
    read<wire.GetConfigurationAnswer>("configuration/get", request, callOptions);
  const getEvents = (request: wire.GetAllEventsRequest, callOptions?: CallOptions) =>
    read<wire.GetAllEventsAnswer>("events/getAll", request, callOptions);
  return {
    messageThreads: {
      getAll: (request, callOptions) => threadList(request, (one) => read("messageThreads/getAll", one, callOptions)),
      add: (request, addOptions) => add("messageThreads/add", request, addOptions),
    },
    messages: {
      getAll: (request, callOptions) => messageList(request, (one) => read("messages/getAll", one, callOptions)),
      add: (request, addOptions) => add("messages/add", request, addOptions),
    },
    configuration: {
      get: (request = {}, callOptions) => getConfiguration(request, callOptions),
    },
    enterprises: {
      getAll: (request = {}, callOptions) =>
        enterpriseList(request, (one) => read("enterprises/getAll", one, callOptions)),
    },
    events: {
      getAll: (request = {}, callOptions) => eventList(request, (one) => getEvents(one, callOptions)),
    },
    socket: (socketOptions = {}) =>
      connectorSocket({ ...calls, clientToken, accessToken, getConfiguration, getEvents }, socketOptions),
  };
}

function callsOf(options: ClientOptions): Calls {
  const { clientToken, accessToken, client, fetch = (url, init) => globalThis.fetch(url, init) } = options;
  for (const [name, value] of Object.entries({ clientToken, accessToken, client })) {
    if (typeof value !== "string" || value.trim() === "") throw new TypeError(`${name} must not be empty.`);
  }
  const redact = redactionOf([clientToken, accessToken]);
  return {
    address: checkedAddress(options.platformAddress),
    credentials: { ClientToken: clientToken, AccessToken: accessToken, Client: client },
    idempotencyKeys: options.idempotencyKeys ?? false,
    newKey: () => crypto.randomUUID(),
    retries: options.retries ?? 2,
    timeout: options.timeout ?? 35_000,
    longestWait: options.longestWait ?? 60_000,
    send: sender(fetch, options.middleware ?? [], redact),
    logger: options.logger,
    now: options.now ?? Date.now,
    sleep: options.sleep ?? sleep,
    random: options.random ?? Math.random,
    redact,
  };
}

/** Without a slash at its end. */
function checkedAddress(platformAddress: string): string {
  if (!URL.canParse(platformAddress)) throw new TypeError("platformAddress must be a URL.");
  const { protocol, username, password, origin, pathname } = new URL(platformAddress);
  if (protocol !== "https:" && protocol !== "http:") throw new TypeError("platformAddress must be an https URL.");
  if (username !== "" || password !== "") throw new TypeError("platformAddress must not hold a user or a password.");
  return origin + withoutSlashes(pathname);
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === "/") end -= 1;
  return path.slice(0, end);
}
