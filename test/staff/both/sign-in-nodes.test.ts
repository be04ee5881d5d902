import assert from "node:assert/strict";
import { test } from "node:test";
import { inSql } from "../../support/database/in-sql.ts";
import { minute, password, refused, seaside, staffWorld } from "../../support/server/staff.ts";

/** What the database knows of wrong tries, row by row. */
interface Count {
  readonly failures: number;
  readonly failed: number;
  readonly expires: number;
}

const emails = ["alice@hotel.example", "nobody@hotel.example"];

test("an unknown address is answered and kept like a known one, on every node", async (t) => {
  const first = await staffWorld(t);
  await first.person("Alice", { [seaside]: "Agent" });
  await first.store.db.transaction((transaction) => transaction.run(...inSql("DELETE FROM staff_throttle")));
  const kept: (readonly Count[])[] = [];
  const heard: (readonly unknown[])[] = [];
  for (const Email of emails) {
    const answers: unknown[] = [];
    const attempt = async ({ browser }: typeof first) => {
      const { status, headers, body } = await browser().call("session/start", { Email, Password: "wrong" });
      answers.push([status, headers.get("retry-after"), body.Message]);
    };
    const node = kept.length === 0 ? first : await staffWorld(t, { database: first.database });
    for (let time = 0; time < 3; time += 1) await attempt(node);
    await node.stop();
    const next = await staffWorld(t, { database: first.database });
    for (let time = 0; time < 3; time += 1) await attempt(next);
    next.at(minute);
    await attempt(next);
    const rows = await next.store.db.all(
      ...inSql<Count>("SELECT failures, failed, expires FROM staff_throttle ORDER BY expires"),
    );
    const text = JSON.stringify(await next.store.db.all(...inSql("SELECT digest FROM staff_throttle")));
    assert.doesNotMatch(text, /hotel/);
    await next.store.db.transaction((transaction) => transaction.run(...inSql("DELETE FROM staff_throttle")));
    await next.stop();
    kept.push(rows);
    heard.push(answers);
  }
  assert.deepEqual(heard[1], heard[0]);
  assert.deepEqual(
    heard[0]?.map((answer) => (answer as readonly unknown[])[0]),
    [401, 401, 401, 401, 401, 429, 401],
  );
  assert.deepEqual(kept[1], kept[0]);
  assert.equal(kept[0]?.length, 3);
});

test("many guesses at once get no more than five, whether or not anybody has the address", async (t) => {
  const { person, browser } = await staffWorld(t);
  await person("Alice", { [seaside]: "Agent" });
  for (const Email of emails) {
    const guesses = Array.from({ length: 9 }, () => browser().call("session/start", { Email, Password: "wrong" }));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    assert.deepEqual(statuses.toSorted(), [401, 401, 401, 401, 401, 429, 429, 429, 429]);
    refused(await browser().call("session/start", { Email, Password: password }), 429);
  }
});
