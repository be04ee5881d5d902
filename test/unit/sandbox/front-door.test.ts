import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { type TestContext, test } from "node:test";
import { type Emitter, openFrontDoor } from "../../../src/sandbox/serve/front-door.ts";

/** A front door that finds the destination of a request when the test says so. */
async function startFrontDoor(t: TestContext) {
  const asked = Promise.withResolvers<IncomingMessage>();
  const found = Promise.withResolvers<Emitter>();
  const server = createServer();
  openFrontDoor(server, (request) => {
    asked.resolve(request);
    return found.promise;
  });
  server.listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { port, asked: asked.promise, find: found.resolve };
}

const heads = {
  request: "GET / HTTP/1.1\r\nHost: innbox\r\n\r\n",
  upgrade: "GET /ws HTTP/1.1\r\nHost: innbox\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
};

for (const [event, head] of Object.entries(heads)) {
  test(`a client that goes away while its world is found is not handed to that world: ${event}`, async (t) => {
    const { port, asked, find } = await startFrontDoor(t);
    const handed: string[] = [];
    const client = connect(port, "127.0.0.1");
    client.write(head);
    const { socket } = await asked;
    client.resetAndDestroy();
    await new Promise((resolve) => socket.resume().once("close", resolve));
    find({ emit: (name) => handed.push(name) > 0 });
    await new Promise(setImmediate);
    assert.deepEqual(handed, []);
  });

  test(`a client that waits is handed over: ${event}`, async (t) => {
    const { port, asked, find } = await startFrontDoor(t);
    const client = connect(port, "127.0.0.1");
    t.after(() => client.destroy());
    client.write(head);
    await asked;
    const handed = await new Promise((resolve) => {
      find({
        emit: (name) => {
          resolve(name);
          return true;
        },
      });
    });
    assert.equal(handed, event);
  });
}
