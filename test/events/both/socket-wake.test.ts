import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Problem } from "../../../src/errors.ts";
import { type SocketCaller, socketServer } from "../../../src/events/socket-server.ts";
import { type SessionSocket, socketSession } from "../../../src/events/socket-session.ts";
import type { Reader, Value } from "../../../src/store/db.ts";
import { changeDirectory } from "../../../src/store/directory.ts";
import type { LogEvent } from "../../../src/store/log-events.ts";
import { startSandbox } from "../../support/server.ts";
import { type Frame, openSocket } from "../../support/socket.ts";
import { gross, nobody } from "../../support/world.ts";

const scope = { clientId: nobody, enterpriseIds: [gross] };

/** A log in memory, and the client's end of a connection that takes everything at once. */
function session() {
  const log: LogEvent[] = [];
  const received: string[] = [];
  const reader: Reader = {
    all: async <R>(_query: string, ...[limit, , , after]: readonly Value[]) =>
      log.filter(({ created }) => created > Number(after)).slice(0, Number(limit)) as R[],
  };
  const nothing = () => undefined;
  const socket: SessionSocket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    close: nothing,
    terminate: nothing,
    send: (text, sent) => {
      received.push(...(JSON.parse(text) as Frame).Events.map(({ Id }) => Id));
      sent();
    },
  };
  const failed = (error: unknown) => assert.fail(String(error));
  const { wake } = socketSession(reader, socket, scope, { position: new Map(), start: 0 }, failed);
  const commit = () => {
    const created = log.length + 1;
    const event = { kind: "MessageAdded", enterprise_id: gross, message_thread_id: nobody } as const;
    log.push({ ...event, created, message_id: String(created) });
    wake([gross]);
  };
  return { commit, received };
}

test("a commit at whatever moment of a look at the log is told of without the next one", async () => {
  for (let turns = 0; turns < 30; turns += 1) {
    const { commit, received } = session();
    commit();
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    commit();
    await setImmediate();
    assert.deepEqual(received, ["1", "2"], `${turns} turns after the first one`);
  }
});

test("a caller who is shut out in the middle of the handshake does not stay", async (t) => {
  const { app } = await startSandbox(t);
  const failed = (error: unknown) => assert.fail(String(error));
  const sockets = socketServer({ ...app, failed });
  t.after(() => sockets.stop());
  const caller: SocketCaller = { scope, expires: null };
  let looks = 0;
  let looked = () => {};
  /** Somebody else, whom the server looks at again when the records change. */
  const other = async () => {
    looks += 1;
    if (looks > 1) looked();
    return caller;
  };
  let isFirst = true;
  const shutOut = async () => {
    if (!isFirst) throw new Problem("unauthenticated", "Not any more.");
    isFirst = false;
    const theOtherWasLookedAt = new Promise<void>((resolve) => {
      looked = resolve;
    });
    await changeDirectory(app.store.db, async () => undefined);
    await theOtherWasLookedAt;
    // The look at all connections comes to its end.
    await setImmediate();
    return caller;
  };
  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    sockets.accept(
      { request, socket, head, requestId: nobody },
      null,
      request.url?.endsWith("after=shutOut") ? shutOut : other,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await openSocket(t, url);
  const socket = await openSocket(t, url, { after: "shutOut" });
  assert.deepEqual(await socket.ended(), { code: 1008, reason: "Not any more." });
});
