import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { innbox, innboxHere, startServer } from "../support/server/process.ts";
import { databaseFile, newDatabase, temporaryFolder } from "../support/server/server.ts";

/** A second server on the same file, which must end by itself and say why in one sentence. */
async function isRefused(command: "serve" | "dev", database: string): Promise<void> {
  const { exitCode, stdout, stderr } = await innbox([command, "--port", "0", "--database", database]);
  assert.deepEqual([exitCode, stdout], [1, ""], stderr);
  assert.match(stderr, /^Another server works on \/.*innbox\.db already\. Stop it first, .*with --shared\.\n$/);
}

for (const command of ["serve", "dev"] as const) {
  test(`${command} on the file of a running server says so and ends, and starts once that one was killed`, async (t) => {
    const database = newDatabase(t);
    const first = await startServer(t, command, database);
    await isRefused(command, database);
    assert.equal((await fetch(`${first.url}/health/ready`)).status, 200, "the first one goes on");
    first.child.kill("SIGKILL");
    await first.ended;
    const { url } = await startServer(t, command, database);
    assert.equal((await fetch(`${url}/health/ready`)).status, 200);
  });
}

/** Clears memory that is not used any more, when the terminal is said to have changed its size. */
const clearAtSignal = `--import=data:text/javascript,${encodeURIComponent(`
  import { setFlagsFromString } from "node:v8";
  import { runInNewContext } from "node:vm";
  setFlagsFromString("--expose-gc");
  const clear = runInNewContext("gc");
  process.on("SIGWINCH", () => { clear(); process.stderr.write("cleared"); });
`)}`;

test("a server keeps its mark on the file while it runs", async (t) => {
  const database = newDatabase(t);
  const { child, noted } = await startServer(t, "serve", database, [], { env: { NODE_OPTIONS: clearAtSignal } });
  child.kill("SIGWINCH");
  await noted(/cleared/);
  await isRefused("serve", database);
});

test("a file is the same one under another name", async (t) => {
  const database = newDatabase(t);
  await startServer(t, "serve", database);
  const link = join(temporaryFolder(t), "link.db");
  symlinkSync(databaseFile(database), link);
  await isRefused("serve", `sqlite:${link}`);
});

test("servers that are asked to share a file do, and one that is not asked is refused", async (t) => {
  const database = newDatabase(t);
  const alone = await startServer(t, "serve", database);
  const second = await startServer(t, "serve", database, ["--shared"]);
  alone.child.kill("SIGTERM");
  assert.equal((await alone.ended).exitCode, 0);
  await isRefused("serve", database);
  const third = await startServer(t, "serve", database, ["--shared"]);
  for (const { url } of [second, third]) assert.equal((await fetch(`${url}/health/ready`)).status, 200);
});

test("of servers that start at once on one file, one serves and the others end", async (t) => {
  const database = newDatabase(t);
  const starts = await Promise.allSettled([1, 2, 3].map(() => startServer(t, "serve", database)));
  const refusals = starts.flatMap((start) => (start.status === "rejected" ? [String(start.reason)] : []));
  assert.equal(refusals.length, 2);
  for (const refusal of refusals) assert.match(refusal, /Another server works on/);
});

test("commands work on the file of a running server", async (t) => {
  const database = newDatabase(t);
  const place = ["--database", database];
  await startServer(t, "serve", database);
  for (const command of [
    ["enterprise", "add", "--name", "Grand Hotel"],
    ["enterprise", "list"],
    ["webhook", "list"],
    ["migrate"],
    ["doctor"],
  ]) {
    const { exitCode, stderr } = await innboxHere([...command, ...place]);
    assert.equal(exitCode, 0, `${command.join(" ")}: ${stderr}`);
  }
});
