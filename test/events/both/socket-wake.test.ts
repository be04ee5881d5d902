import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Problem } from "../../../src/core/problem.ts";
import { logWatch } from "../../../src/delivery/log-watch.ts";
import { type SocketCaller, socketServer } from "../../../src/delivery/sockets/socket-server.ts";
import { changeDirectory } from "../../../src/store/directory/directory.ts";
import { openSocket } from "../../support/delivery/socket.ts";
import { startSandbox } from "../../support/server/server.ts";
import { gross, nobody } from "../../support/server/world.ts";

const scope = { clientId: nobody, enterpriseIds: [gross] };

test("a caller who is shut out in the middle of the handshake does not stay", async (t) => {
  const { app } = await startSandbox(t);
  const failed = (error: unknown) => assert.fail(String(error));
  const watch = logWatch(app.store, failed);
  t.after(() => watch.stop());
  const sockets = socketServer({
    ...app,
    watch,
    failed,
    limits: { all: 10, token: 10 },
    refused: (kind) => assert.fail(kind),
    note: (message) => assert.fail(message),
  });
  t.after(() => sockets.stop());
  const caller: SocketCaller = { tokenKey: "token", scope, expires: null };
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
