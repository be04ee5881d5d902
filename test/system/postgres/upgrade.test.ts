import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { startReceiver } from "../../support/delivery/receiver.ts";
import { openSocket } from "../../support/delivery/socket.ts";
import { announcedIds, registerWebhook } from "../../support/delivery/webhooks.ts";
import { failuresOf, notesOf, sql, troubleOf } from "../../support/postgres/nodes.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { everything, world } from "../../support/server/world.ts";

test("columns that a newer version adds to every table do not disturb a server that runs", async (t) => {
  const database = await engineDatabase(t);
  const node = await world(t, { database });
  const receiver = await startReceiver(t);
  await registerWebhook(node, receiver.url);
  const socket = await openSocket(t, node.url);
  const sent: string[] = [];

  /** Uses every connection, several times, for all that there is. */
  async function useEverything(): Promise<void> {
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const thread = await node.addThread();
        const [message] = await node.addMessages(thread);
        await node.staff("resolve", thread);
        await node.threads({ MessageThreadIds: [thread] });
        await node.threads({ ...everything, UpdatedUtc: everything.CreatedUtc });
        await node.threads({ ...everything, Limitation: { Count: 2, Cursor: thread } });
        await node.messages({ MessageThreadIds: [thread], Limitation: { Count: 2, Cursor: message } });
        for (const operation of ["enterprises/getAll", "configuration/get", "events/getAll"]) {
          assert.equal((await node.call(operation, {}, {})).status, 200);
        }
        return message ?? "";
      }),
    );
    sent.push(...ids);
    assert.deepEqual((await socket.messages(sent.length)).toSorted(), sent.toSorted());
    await receiver.until((received) => announcedIds(received).length >= sent.length);
    await node.app.settled();
    assert.equal(await troubleOf(node), undefined);
  }

  await useEverything();
  const tables = await sql<{ name: string }>(
    database,
    `SELECT relname AS name FROM pg_class
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace`,
  );
  assert.ok(tables.length > 10);
  for (const { name } of tables) await sql(database, `ALTER TABLE ${name} ADD COLUMN later TEXT`);
  await useEverything();
  assert.deepEqual([...failuresOf(node), ...notesOf(node)], []);
});
