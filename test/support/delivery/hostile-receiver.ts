import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { createServer as createPlain, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { createServer as createTls } from "node:tls";
import type { TimeLimit } from "../../../src/delivery/webhooks/call.ts";
import { destinations, type Lookup } from "../../../src/delivery/webhooks/destination.ts";
import { addPartner, type Delivered } from "../server/partners.ts";
import { startSandbox, type TestServer } from "../server/server.ts";
import type { Certificate } from "./certificate.ts";
import { startReceiver } from "./receiver.ts";
import { announcedIds } from "./webhooks.ts";

export interface HostileReceiver {
  readonly port: number;
  /** Every connection so far. */
  readonly connections: readonly Socket[];
  /** Those on which a request began to arrive. */
  readonly requests: readonly Socket[];
  /** Resolves once there are so many of those. */
  requested(count: number): Promise<void>;
}

/** Does with each connection, once its request begins to arrive, whatever a test says. Gone when the test ends. */
export async function startHostile(
  t: TestContext,
  answer: (socket: Socket) => void,
  certificate?: Certificate,
): Promise<HostileReceiver> {
  const connections: Socket[] = [];
  const requests: Socket[] = [];
  const requesting = new EventEmitter();
  const server = certificate ? createTls(certificate) : createPlain();
  server.on("connection", (socket: Socket) => connections.push(socket.on("error", () => undefined)));
  server.on(certificate ? "secureConnection" : "connection", (socket: Socket) => {
    socket
      .on("error", () => undefined)
      .once("data", () => {
        requests.push(socket);
        answer(socket);
        requesting.emit("request");
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const requested = async (count: number) => {
    while (requests.length < count) await once(requesting, "request");
  };
  return { port: portOf(server), connections, requests, requested };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** Writes a piece again and again, as fast as the other side reads, but no more than `limit` bytes. */
export function flood(socket: Socket, piece: string, limit: number): void {
  const more = () => {
    while (socket.writable && socket.bytesWritten < limit) {
      if (!socket.write(piece)) return;
    }
  };
  socket.on("drain", more);
  more();
}

/** Writes pieces from time to time, the last one again and again, for as long as the other side listens. */
export function trickle(socket: Socket, pieces: readonly string[]): void {
  let next = 0;
  const timer = setInterval(() => {
    socket.write(pieces[next] ?? pieces.at(-1) ?? "");
    next += 1;
  }, 10);
  socket.on("close", () => clearInterval(timer));
}

/** Sends an answer and hangs up. */
export const say = (text: string) => (socket: Socket) => socket.end(text);

export const redirect = (location: string) =>
  say(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);

/** Where a partner says that it is who is called by https. */
export const secure = (port: number) => `https://localhost:${port}/hook`;

/** Something that a receiver does to its caller, and the failed attempt that it comes to. */
export interface Hostility {
  readonly name: string;
  /** What it does once a request begins to arrive. */
  readonly answer?: (socket: Socket) => void;
  readonly certificate?: Certificate;
  /** Where the partner says that it is, if not by http at the receiver's port. */
  readonly url?: (port: number) => string;
  readonly error: string;
  /** The status that came before the trouble. */
  readonly status?: number;
  /** How many connections bring it a request. */
  readonly requests?: number;
}

const atHome: Lookup = (_host, _options, callback) => callback(null, [{ address: "127.0.0.1", family: 4 }]);
const gone: Lookup = (host, _options, callback) => callback(new Error(`getaddrinfo ENOTFOUND ${host}`), []);
const whenRegistered = destinations({ kind: "sandbox", allow: [], timeout: 5000, lookup: atHome });

export interface HostilityOptions {
  /** As `AppOptions` has it. */
  readonly timeLimit?: TimeLimit;
  /** What is done once all of them are called and the others have heard of everything. */
  readonly meanwhile?: (server: TestServer) => Promise<void>;
}

/** The most that the operating system buffers while the receiver does not read, in bytes, and far from a flood. */
const mostOnTheWay = 32 * 1024 ** 2;

/**
 * Sends a message to a partner of each kind at once. Each is to be one failed attempt, and nothing else: others hear of
 * everything meanwhile, no answer is read on and on, and no failure is logged.
 */
export async function checkHostilities(
  t: TestContext,
  hostilities: readonly Hostility[],
  { timeLimit, meanwhile }: HostilityOptions = {},
): Promise<void> {
  const lookup: Lookup = (host, ...rest) => (host === "gone.example" ? gone : atHome)(host, ...rest);
  // The clock stands still, so that nothing is tried twice.
  const clock = () => Date.UTC(2026, 0, 1) * 1000;
  const server = await startSandbox(t, {}, { clock, lookup, ...(timeLimit && { timeLimit }) });
  const called = hostilities.map(() => Promise.withResolvers<void>());
  const hostile = hostilities.map((one, index) =>
    t.test(`one that ${one.name}`, async (t) => {
      const partner = await addPartner(server);
      const receiver = await startHostile(t, one.answer ?? (() => undefined), one.certificate);
      const url = one.url ?? ((port) => `http://localhost:${port}/hook`);
      const id = await partner.hearAt(url(receiver.port), whenRegistered);
      await partner.write();
      const requests = one.requests ?? 1;
      await receiver.requested(Math.min(requests, 1));
      called[index]?.resolve();
      checkFailure(one, await partner.attempted(id));
      assert.equal(receiver.requests.length, requests);
      const taken = receiver.connections.map(({ bytesWritten }) => bytesWritten);
      assert.ok(Math.max(0, ...taken) < mostOnTheWay, `${taken} bytes were taken`);
    }),
  );
  const others = t.test("others hear of everything meanwhile", async (t) => {
    const [partner, receiver] = [await addPartner(server), await startReceiver(t)];
    await partner.hearAt(receiver.url);
    const ids: string[] = [];
    for (let count = 0; count < 10; count += 1) ids.push(await partner.write());
    await receiver.until((received) => announcedIds(received).length === ids.length);
    assert.deepEqual(announcedIds(receiver.received), ids);
  });
  await Promise.all([...called.map(({ promise }) => promise), others]);
  await meanwhile?.(server);
  await Promise.all(hostile);

  assert.deepEqual(
    server.logged.filter((entry) => typeof entry === "string" || ("error" in Object(entry) && !isAttempt(entry))),
    [],
  );
}

function isAttempt(entry: unknown): boolean {
  return typeof entry === "object" && entry !== null && "deliveryId" in entry;
}

function checkFailure({ error, status }: Hostility, { delivery, attempts }: Delivered): void {
  assert.deepEqual(
    [delivery.state, delivery.attempts, delivery.failures],
    ["waiting", 1, 1],
    "it is to be tried again",
  );
  const [attempt] = attempts;
  assert.deepEqual([attempt?.error, attempt?.status], [error, status ?? null]);
}
