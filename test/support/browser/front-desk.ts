import assert from "node:assert/strict";
import type { ReadableWritablePair } from "node:stream/web";
import { addStaff } from "../../../src/administration/staff.ts";
import { staffOperations } from "../../../src/api/staff/operations.ts";
import { nameOf } from "../../../src/protocol/operation.ts";
import type { SignedIn } from "../../../src/protocol/staff/account.ts";
import type { InboxCount, InboxThread, View } from "../../../src/protocol/staff/inbox.ts";
import type { LiveChanges } from "../../../src/protocol/staff/live.ts";
import type { SearchResult } from "../../../src/protocol/staff/search.ts";
import type { ThreadItem } from "../../../src/protocol/staff/threads.ts";
import { checkOf } from "../../../src/protocol/validation.ts";
import type { Scope } from "../run/scope.ts";
import { startSandbox, type TestServer } from "../server/server.ts";

/** The fields of all answers. `call` has checked against the description which of them an answer has. */
export interface DeskBody extends SignedIn {
  readonly Thread: InboxThread;
  readonly Threads: readonly InboxThread[];
  readonly Items: readonly ThreadItem[];
  readonly Cursor: string | null;
  readonly Position: number;
  readonly Draft: string | null;
  readonly Counts: readonly InboxCount[];
  readonly Unread: number;
  readonly Results: readonly SearchResult[];
  readonly IsComplete: boolean;
  readonly Message: string;
}

export interface DeskAnswer {
  readonly status: number;
  readonly text: string;
  readonly body: DeskBody;
}

/** A person of the property who is signed in. */
export interface Receptionist {
  readonly id: string;
  readonly cookie: string;
  /** Calls an operation, as in `threads/reply`. */
  call(operation: string, input?: object, headers?: Readonly<Record<string, string>>): Promise<DeskAnswer>;
  /** The same for a call that must succeed. Name the type of what `DeskBody` has not. */
  ask<Answer = DeskBody>(operation: string, input?: object): Promise<Answer>;
  /** The first threads of a list. */
  list(view: View, more?: object): Promise<readonly InboxThread[]>;
  open(threadId: string): Promise<DeskBody>;
  reply(threadId: string, text: string, position: number, more?: object): Promise<DeskAnswer>;
  /** Opens the live stream, from now on or after a position. */
  live(after?: string): Promise<LiveStream>;
}

export interface LiveEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: LiveChanges;
}

export interface LiveStream {
  /** Waits for the next event of a kind, and skips others. */
  next(event: string): Promise<LiveEvent>;
  close(): void;
}

export interface FrontDesk extends TestServer {
  /** Adds a person with a role at properties, or an owner, and signs them in. */
  hire(name: string, roles: Readonly<Record<string, "Agent" | "Manager">> | "Owner"): Promise<Receptionist>;
  /** A person who signed in at another server on the same database. */
  welcome(person: Receptionist): Receptionist;
}

const password = "correct horse battery";

const checks = new Map(staffOperations.map(({ description }) => [nameOf(description), checkOf(description.output)]));

/** A sandbox at which people of its properties work. */
export async function frontDesk(
  t: Scope,
  ...options: Parameters<typeof startSandbox> extends [unknown, ...infer R] ? R : never
): Promise<FrontDesk> {
  const server = await startSandbox(t, ...options);
  const { url } = server;
  return {
    ...server,
    welcome: ({ id, cookie }) => receptionist(t, url, id, cookie),
    hire: (name, roles) => hire(t, server, name, roles),
  };
}

/** Adds a person at any server, and signs them in. */
export async function hire(
  t: Scope,
  { app, url }: Pick<TestServer, "app" | "url">,
  name: string,
  roles: Readonly<Record<string, "Agent" | "Manager">> | "Owner",
): Promise<Receptionist> {
  const memberships =
    roles === "Owner" ? [] : Object.entries(roles).map(([enterpriseId, role]) => ({ enterpriseId, role }));
  const email = `${name.toLowerCase()}@hotel.example`;
  const { user, link = "" } = await addStaff(
    { ...app, db: app.store.db },
    { email, name, isOwner: roles === "Owner", memberships },
    url,
  );
  const accepted = await post(url, "", "links/use", { Token: link.slice(link.indexOf("#") + 1), Password: password });
  assert.equal(accepted.status, 200);
  const [cookie = ""] = (accepted.headers.get("set-cookie") ?? "").split(";");
  return receptionist(t, url, user.id, cookie);
}

function receptionist(t: Scope, url: string, id: string, cookie: string): Receptionist {
  const call: Receptionist["call"] = async (operation, input = {}, headers = {}) => {
    const response = await post(url, cookie, operation, input, headers);
    const text = await response.text();
    const body = JSON.parse(text) as DeskBody;
    if (response.status === 200) checks.get(operation)?.(body);
    return { status: response.status, text, body };
  };
  const ask: Receptionist["ask"] = async (operation, input) => {
    const { status, text } = await call(operation, input);
    assert.equal(status, 200, `${operation}: ${text}`);
    return JSON.parse(text);
  };
  return {
    id,
    cookie,
    call,
    ask,
    list: async (View, more = {}) =>
      (await ask("threads/getAll", { View, Limitation: { Count: 200 }, ...more })).Threads,
    open: (MessageThreadId) => ask("threads/get", { MessageThreadId, Count: 200 }),
    reply: (MessageThreadId, Text, Position, more = {}) =>
      call("threads/reply", { MessageThreadId, Id: crypto.randomUUID(), Text, Position, ...more }),
    live: (after) => liveStream(t, url, cookie, after),
  };
}

function post(
  url: string,
  cookie: string,
  operation: string,
  input: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/api/staff/v1/${operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...(cookie && { Cookie: cookie }), ...headers },
    body: JSON.stringify(input),
  });
}

async function liveStream(t: Scope, url: string, cookie: string, after?: string): Promise<LiveStream> {
  const closing = new AbortController();
  const query = after === undefined ? "" : `?after=${after}`;
  const headers = { Cookie: cookie };
  const response = await fetch(`${url}/api/staff/v1/live${query}`, { headers, signal: closing.signal });
  assert.equal(response.status, 200);
  // Read from the beginning: fetch cancels an answer that is no longer referenced.
  const body = response.body ?? assert.fail("The stream has no body.");
  const events = eventsOf(body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>));
  const close = () => closing.abort();
  t.after(close);
  return {
    close,
    next: async (event) => {
      for (;;) {
        const { value, done } = await events.next();
        if (done) throw new Error(`The stream ended before ${event}.`);
        if (value.event === event) return value;
      }
    },
  };
}

/** Reads server-sent events as browsers do. */
async function* eventsOf(texts: ReadableStream<string>): AsyncGenerator<LiveEvent, void> {
  let rest = "";
  for await (const text of texts) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = new Map(
        block.split("\n").map((line) => [line.split(":", 1)[0], line.slice(line.indexOf(":") + 2)]),
      );
      const event = fields.get("event");
      if (event) yield { event, id: fields.get("id"), data: JSON.parse(fields.get("data") ?? "null") as LiveChanges };
    }
  }
}
