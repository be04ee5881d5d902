import assert from "node:assert/strict";
import { test } from "node:test";
import { stored } from "../support/database/stored.ts";
import { innboxHere } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

function seed(database: string, ...args: readonly string[]) {
  return innboxHere(["seed", "--database", database, ...args]);
}

test("a database is filled, and says how fast that went", async (t) => {
  const database = newDatabase(t);
  const { exitCode, stdout, stderr } = await seed(database, "--threads", "1050", "--days", "60");
  assert.deepEqual([exitCode, stdout], [0, ""]);
  assert.match(stderr, /^Added 1,050 threads with 3,150 messages in \d+ s, [\d,]+ threads a second\.\n$/);
  const published = 4;
  assert.equal((await stored(database, "SELECT id FROM message_thread")).length, 1050 + published);
});

const mistakes: readonly (readonly [args: readonly string[], message: RegExp])[] = [
  [[], /^--threads N is required\./],
  [["--threads", "many"], /^--threads must be a whole number from 1 to 1000000000, not "many"\./],
  [["--threads", "0"], /^--threads must be/],
  [
    ["--threads", "1", "--messages-per-thread", "1001"],
    /^--messages-per-thread must be a whole number from 0 to 1000,/,
  ],
  [["--threads", "1", "--properties", "0"], /^--properties must be/],
  [["--threads", "1", "--days", "1.5"], /^--days must be/],
];

for (const [args, message] of mistakes) {
  test(`innbox seed ${args.join(" ")} is refused`, async (t) => {
    const { exitCode, stderr } = await seed(newDatabase(t), ...args);
    assert.equal(exitCode, 2);
    assert.match(stderr, message);
  });
}
