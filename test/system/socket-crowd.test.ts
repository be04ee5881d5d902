import assert from "node:assert/strict";
import { test } from "node:test";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { openSocket, type TestSocket, type Tokens } from "../support/delivery/socket.ts";
import { call, startServer } from "../support/server/process.ts";
import { engineDatabase } from "../support/server/server.ts";
import { atNet, client2AtGross, client2AtNet, enterprises, gross, guest, net } from "../support/server/world.ts";

const crowd = 1000;

/** How many connections are opened at once. */
const together = 50;

/** Who listens, and to which properties. */
const groups: readonly (readonly [tokens: Tokens, enterpriseIds: readonly string[]])[] = [
  [demoTokens, enterprises],
  [atNet.tokens, [net]],
  [client2AtGross.tokens, [gross]],
  [client2AtNet.tokens, [net]],
];

interface Sent {
  readonly id: string;
  readonly clientToken: string;
  readonly enterpriseId: string;
}

test("a thousand sockets on one process hear each of their messages once, in order, however they came", async (t) => {
  const { url } = await startServer(t, "dev", await engineDatabase(t), ["--rate-limit", "off"]);
  const start = (await call(url, "events/getAll")).body.Position;

  const threads: { readonly id: string; readonly tokens: Tokens; readonly enterpriseId: string }[] = [];
  for (const [tokens, enterpriseIds] of groups) {
    for (const EnterpriseId of enterpriseIds) {
      const { body } = await call(url, "messageThreads/add", { ...guest, EnterpriseId }, { tokens });
      threads.push({ id: body.MessageThreads[0]?.Id ?? "", tokens, enterpriseId: EnterpriseId });
    }
  }
  const sent: Sent[] = [];
  async function write(count: number): Promise<void> {
    for (const { id, tokens, enterpriseId } of threads) {
      const Messages = Array.from({ length: count }, () => ({ MessageThreadId: id, Text: "Hello" }));
      const { body } = await call(url, "messages/add", { Messages }, { tokens });
      for (const { Message } of body.Messages) {
        sent.push({ id: Message.Id, clientToken: tokens.ClientToken, enterpriseId });
      }
    }
  }
  const listeners: { readonly group: number; readonly socket: TestSocket }[] = [];
  async function listen(after?: string): Promise<void> {
    const opened = Array.from({ length: together }, async (_, index) => {
      const group = (listeners.length + index) % groups.length;
      const [tokens] = groups[group] ?? [demoTokens];
      return { group, socket: await openSocket(t, url, { tokens, after }) };
    });
    listeners.push(...(await Promise.all(opened)));
  }

  while (listeners.length < crowd / 2) await listen();
  // The other half comes while there is writing, and begins where the first one did.
  const coming = (async () => {
    while (listeners.length < crowd) await listen(start);
  })();
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  coming.then(over, over);
  while (!isOver) await write(1 + (sent.length % 3));
  await coming;
  await write(2);

  assert.equal(listeners.length, crowd);
  const expected = groups.map(([{ ClientToken }, enterpriseIds]) =>
    sent
      .filter(({ clientToken, enterpriseId }) => clientToken === ClientToken && enterpriseIds.includes(enterpriseId))
      .map(({ id }) => id),
  );
  for (const { group, socket } of listeners) {
    const ids = expected[group] ?? [];
    assert.deepEqual(await socket.messages(ids.length), ids);
  }
});
