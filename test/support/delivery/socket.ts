import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import type { TestContext } from "node:test";
import { WebSocket } from "ws";
import { tokenDigest } from "../../../src/core/tokens.ts";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { findAccess } from "../../../src/store/directory/access.ts";
import { clientOfToken } from "../../../src/store/directory/directory.ts";
import { inSql } from "../database/in-sql.ts";
import { hangGuard } from "../run/patience.ts";
import type { TestServer } from "../server/server.ts";

export type Tokens = typeof demoTokens;

/** What the server sends, as the contract has it. */
export interface Frame {
  readonly Events: readonly { readonly Type: string; readonly Id: string; readonly MessageThreadId: string }[];
  readonly Position: string;
}

export interface Farewell {
  readonly code: number;
  readonly reason: string;
}

export interface TestSocket {
  /** For what only `ws` itself can do. */
  readonly client: WebSocket;
  readonly frames: readonly Frame[];
  /** The ids of all messages that were announced so far, in order. */
  ids(): string[];
  /** That of the last frame. */
  position(): string | undefined;
  /** Resolves once `isEnough` says so; fails when the connection ends before, or after a long time. */
  until(isEnough: (ids: readonly string[]) => boolean): Promise<void>;
  /** Resolves with the ids once there are so many. */
  messages(count: number): Promise<string[]>;
  /** Resolves when the connection has ended; fails after a long time. */
  ended(): Promise<Farewell>;
  close(): Promise<Farewell>;
}

export interface SocketOptions {
  readonly tokens?: Tokens;
  readonly after?: string | undefined;
  /** Whether it answers pings. */
  readonly autoPong?: boolean;
}

export function cookieOf({ ClientToken, AccessToken }: Tokens): string {
  return `ClientToken=${ClientToken}; AccessToken=${AccessToken}`;
}

export function addressOf(url: string, after?: string): string {
  return `${url.replace("http", "ws")}/ws/connector${after === undefined ? "" : `?after=${after}`}`;
}

/** A partner's program that listens, as client 1 with the token of its portfolio unless told otherwise. */
export async function openSocket(
  t: TestContext,
  url: string,
  { tokens = demoTokens, after, autoPong = true }: SocketOptions = {},
): Promise<TestSocket> {
  const client = new WebSocket(addressOf(url, after), {
    headers: { Cookie: cookieOf(tokens) },
    perMessageDeflate: false,
    autoPong,
  });
  t.after(() => client.terminate());
  const frames: Frame[] = [];
  const received: string[] = [];
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  let farewell: Farewell | undefined;
  client.on("message", (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    frames.push(frame);
    for (const { Id } of frame.Events) received.push(Id);
    changed();
  });
  client.on("close", (code, reason) => {
    farewell = { code, reason: String(reason) };
    changed();
  });

  /** Resolves with the first value that `look` finds. */
  function found<T>(what: string, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = () => {
        listeners.delete(tryIt);
        clearTimeout(timer);
      };
      const fail = (why: string) => {
        finish();
        reject(new Error(`${what} ${why}; ${received.length} messages in ${frames.length} frames`));
      };
      const timer = setTimeout(() => fail("did not come"), hangGuard);
      const tryIt = () => {
        const value = look();
        if (value === undefined && farewell) return fail(`did not come before the end, ${farewell.code}`);
        if (value === undefined) return;
        finish();
        resolve(value);
      };
      listeners.add(tryIt);
      tryIt();
    });
  }

  await new Promise<void>((resolve, reject) => {
    client.once("open", () => resolve());
    client.once("error", reject);
  });
  client.on("error", () => undefined);
  const ended = () => found("The end", () => farewell);
  return {
    client,
    frames,
    ids: () => [...received],
    position: () => frames.at(-1)?.Position,
    until: async (isEnough) => {
      await found("What was waited for", () => (isEnough(received) ? true : undefined));
    },
    messages: async (count) => {
      await found(`Message ${count}`, () => (received.length >= count ? true : undefined));
      return [...received];
    },
    ended,
    close: () => {
      client.close();
      return ended();
    },
  };
}

/** What a server answered to a request to change to WebSocket. */
export interface HandshakeAnswer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Of a refusal. */
  readonly text: string;
}

/** The headers of a right handshake, without cookies. */
export const handshakeHeaders: Readonly<Record<string, string>> = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Asks to change to WebSocket, by hand, and hangs up. A header that is `undefined` is not sent. */
export function handshake(
  url: string,
  headers: Readonly<Record<string, string | undefined>>,
  path = "/ws/connector",
): Promise<HandshakeAnswer> {
  const sent = Object.entries({ ...handshakeHeaders, ...headers }).filter(([, value]) => value !== undefined);
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(hangGuard);
    const asked = request(`${url}${path}`, { headers: Object.fromEntries(sent), agent: false, signal });
    asked.on("error", reject);
    asked.on("upgrade", ({ statusCode, headers }, socket) => {
      socket.on("error", () => undefined);
      socket.destroy();
      resolve({ status: statusCode ?? 0, headers, text: "" });
    });
    asked.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.end();
  });
}

/** Checks that a handshake was refused as any request is (contract, section 2), and answers the sentence. */
export function checkRefusal({ status, headers, text }: HandshakeAnswer, expected: number): string {
  assert.equal(status, expected, text);
  assert.equal(headers["content-type"], "application/json; charset=utf-8");
  const body = JSON.parse(text) as { readonly Message: string; readonly RequestId: string };
  assert.match(String(headers["request-id"]), /^[0-9a-f-]{36}$/);
  assert.deepEqual(body, { Message: body.Message, RequestId: headers["request-id"], Details: null });
  return body.Message;
}

/** The ids behind a pair of tokens, for the operator's commands. */
export async function idsOf({ app }: TestServer, { ClientToken, AccessToken }: Tokens = demoTokens) {
  const access = await findAccess(app.store.db, tokenDigest(ClientToken), tokenDigest(AccessToken));
  assert.ok(access);
  return { client: access.client_id, integration: access.integration_id };
}

type LoggedEvent = { readonly enterprise_id: string; readonly kind: string; readonly id: string };

/** What the store's log holds for a client, kinds and ids, each enterprise's in its order. */
export async function storedEvents({ app }: TestServer, { ClientToken }: Tokens, enterpriseIds: readonly string[]) {
  const clientId = await clientOfToken(app.store.db, tokenDigest(ClientToken));
  const text = `
    SELECT enterprise_id, kind, coalesce(message_id, message_thread_id) AS id FROM property_log
    WHERE client_id = ?1 AND kind <> 'ThreadAdded' ORDER BY created, enterprise_id`;
  const rows = await app.store.db.all(...inSql<LoggedEvent>(text, clientId));
  return rows.filter((row) => enterpriseIds.includes(row.enterprise_id));
}

/** The server's ends of connections, in the order in which they are accepted from now on. */
export function serverEnds(t: TestContext): readonly Socket[] {
  const sockets: Socket[] = [];
  const accepted = (message: unknown) => {
    sockets.push((message as { readonly socket: Socket }).socket);
  };
  subscribe("net.server.socket", accepted);
  t.after(() => {
    unsubscribe("net.server.socket", accepted);
  });
  return sockets;
}
