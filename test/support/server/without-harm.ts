import assert from "node:assert/strict";
import { inSql } from "../database/in-sql.ts";
import type { TestServer } from "./server.ts";

/** Runs `attack` on a sandbox, which then holds what it held before, has not failed inside, and still answers. */
export async function withoutHarm(sandbox: () => Promise<TestServer>, attack: (server: TestServer) => Promise<void>) {
  const server = await sandbox();
  const { db } = server.app.store;
  const stored = () =>
    Promise.all(["message_thread", "property_log"].map((table) => db.all(...inSql(`SELECT * FROM ${table}`))));
  const before = await stored();
  await attack(server);
  assert.deepEqual(await stored(), before);
  assert.equal((await server.call("configuration/get")).status, 200);
  assert.doesNotMatch(JSON.stringify(server.logged), /"error"/);
}
