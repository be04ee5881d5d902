import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { type SessionSocket, socketSession } from "../../../src/delivery/sockets/socket-session.ts";
import type { Reader } from "../../../src/store/db.ts";
import type { LogEvent } from "../../../src/store/log/log-events.ts";
import type { AnyAsked, Parameters } from "../../../src/store/query.ts";
import type { Frame } from "../../support/delivery/socket.ts";
import { gross, nobody } from "../../support/server/world.ts";

const scope = { clientId: nobody, enterpriseIds: [gross] };
const mebibyte = 1024 * 1024;

/** A log in memory, and the client's end of a connection, which takes everything at once until it is stalled. */
function session() {
  const log: LogEvent[] = [];
  const received: string[] = [];
  const frames: number[] = [];
  const ends: unknown[] = [];
  let failure: Error | undefined;
  let isStalled = false;
  let waiting: (() => void)[] = [];
  let watched = Promise.withResolvers<void>();
  let wanted = Number.POSITIVE_INFINITY;
  const reader: Reader = {
    all: async (...[, asked]: AnyAsked) => {
      if (failure) throw failure;
      const { limit, after } = asked as Parameters;
      return log.filter(({ created }) => created > Number(after)).slice(0, Number(limit)) as never[];
    },
  };
  const socket = {
    OPEN: 1,
    readyState: 1 as SessionSocket["readyState"],
    bufferedAmount: 0,
    close: (code) => ends.push(code),
    terminate: () => {
      socket.readyState = 3;
      ends.push("dropped");
      takeAll();
    },
    send: (text, sent) => {
      const ids = (JSON.parse(text) as Frame).Events.map(({ Id }) => Id);
      received.push(...ids);
      frames.push(ids.length);
      if (received.length >= wanted) watched.resolve();
      if (!isStalled) return sent();
      socket.bufferedAmount += text.length;
      waiting.push(sent);
    },
  } satisfies SessionSocket;
  /** What waits is read, or is gone with the connection. */
  function takeAll(): void {
    socket.bufferedAmount = 0;
    const taken = waiting;
    waiting = [];
    for (const sent of taken) sent();
  }
  const failures: unknown[] = [];
  const failed = (error: unknown) => failures.push(error);
  const { wake } = socketSession({
    reader,
    socket,
    scope: () => scope,
    from: { position: new Map(), start: 0 },
    failed,
  });
  const commit = (count = 1) => {
    for (let made = 0; made < count; made += 1) {
      const created = log.length + 1;
      const event = { kind: "MessageAdded", enterprise_id: gross, message_thread_id: nobody } as const;
      log.push({ ...event, created, message_id: String(created) });
    }
    wake([gross]);
  };
  return {
    socket,
    commit,
    received,
    frames,
    ends,
    failures,
    stall: () => {
      isStalled = true;
    },
    read: () => {
      isStalled = false;
      takeAll();
    },
    fail: (error: Error) => {
      failure = error;
    },
    /** Resolves once so much has been sent. */
    sent: (count: number) => {
      [wanted, watched] = [count, Promise.withResolvers()];
      if (received.length >= count) watched.resolve();
      return watched.promise;
    },
    /** Resolves once the session sends nothing more until something happens. */
    still: async () => {
      for (let before = -1; before < received.length; await turns()) before = received.length;
    },
  };
}

/** More turns of the loop than the session has between two frames. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

test("a commit at whatever moment of a look at the log is told of without the next one", async () => {
  for (let count = 0; count < 30; count += 1) {
    const { commit, received } = session();
    commit();
    for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
    commit();
    await setImmediate();
    assert.deepEqual(received, ["1", "2"], `${count} turns after the first one`);
  }
});

test("a client that reads catches up with any number of messages, in order, at most a hundred in a frame", async () => {
  const { commit, received, frames, sent } = session();
  commit(5_050);
  await sent(5_050);
  assert.deepEqual(received, upTo(5_050));
  assert.deepEqual(frames, [...new Array(50).fill(100), 50]);
});

/** A client that has stopped reading, and for which as much waits as may. */
async function stalledSession(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const one = session();
  one.commit(20_000);
  await one.sent(100);
  one.stall();
  await one.still();
  return one;
}

test("no more than 1 MiB and a frame waits for a client that does not read", async (t) => {
  const { socket, commit, received, still } = await stalledSession(t);
  const { length } = received;
  assert.ok(length < 20_000);
  assert.ok(socket.bufferedAmount > mebibyte && socket.bufferedAmount < mebibyte + 20_000, `${socket.bufferedAmount}`);
  commit();
  await still();
  assert.equal(received.length, length);
});

test("a client that does not read so much within five seconds is dropped", async (t) => {
  const { ends, received, still } = await stalledSession(t);
  const { length } = received;
  t.mock.timers.tick(4999);
  assert.deepEqual(ends, []);
  t.mock.timers.tick(1);
  assert.deepEqual(ends, ["dropped"]);
  await still();
  assert.equal(received.length, length);
});

test("a client that only paused gets everything, in order, and is not dropped later", async (t) => {
  const { ends, received, read, sent } = await stalledSession(t);
  t.mock.timers.tick(4999);
  read();
  await sent(20_000);
  t.mock.timers.tick(60_000);
  assert.deepEqual([received, ends], [upTo(20_000), []]);
});

test("when the log can't be read, the client is told to connect again", async () => {
  const { commit, ends, failures, fail, still } = session();
  fail(new Error("The disk is gone."));
  commit();
  await still();
  assert.deepEqual(ends, [1011]);
  assert.match(String(failures), /The disk is gone/);
});
