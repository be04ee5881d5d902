import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { attemptsOf, findDelivery, resend } from "../../src/store/webhooks/deliveries.ts";
import { registerWebhook } from "../support/delivery/webhooks.ts";
import { projectFolder } from "../support/server/process.ts";
import { startSandbox, temporaryFolder } from "../support/server/server.ts";
import { gross, guest } from "../support/server/world.ts";

/** The programs of the guide for partners, in a folder that has the packages they import. */
function guideFolder(t: TestContext): string {
  const folder = temporaryFolder(t);
  const guide = readFileSync(join(projectFolder, "docs/events.md"), "utf8");
  for (const [, name = "", program = ""] of guide.matchAll(/```ts\n\/\/ (\w+\.ts)\n(.*?)```/gs)) {
    writeFileSync(join(folder, name), program);
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  symlinkSync(join(projectFolder, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs one of them and answers the next line that it prints, or the empty string when it has ended. */
function run(t: TestContext, folder: string, program: string, variables: Readonly<Record<string, string>>) {
  const stdio = ["ignore", "pipe", "inherit"] as const;
  const env = { PATH: process.env.PATH, ...demoVariables, ...variables };
  const child = spawn(process.execPath, [program], { cwd: folder, env, stdio: [...stdio] });
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (): Promise<string> => String((await lines.next()).value ?? "");
}

const demoVariables = { CLIENT_TOKEN: demoTokens.ClientToken, ACCESS_TOKEN: demoTokens.AccessToken };

/** A sandbox on the machine's clock, since receivers refuse old signatures, with a thread and a staff that replies. */
async function start(t: TestContext) {
  const server = await startSandbox(t);
  const { body } = await server.call("messageThreads/add", { ...guest, EnterpriseId: gross });
  const [thread] = body.MessageThreads;
  assert.ok(thread);
  const reply = async (Text: string) => {
    const answer = await fetch(`${server.url}/sandbox/v1/messageThreads/reply`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ MessageThreadId: thread.Id, Text }),
    });
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { Id: string }).Id;
  };
  return { ...server, reply };
}

test("the guide's receiver keeps genuine webhooks, each once, and refuses forged ones", async (t) => {
  const { reply, ...server } = await start(t);
  const folder = guideFolder(t);
  const { secret } = await registerWebhook(server, "http://127.0.0.1:1/not-yet");
  const receiver = run(t, folder, "receiver.ts", { PORT: "0", WEBHOOK_SECRET: secret });
  const port = /port: (\d+)/.exec(await receiver())?.[1];
  const url = `http://127.0.0.1:${port}/innbox`;
  await registerWebhook(server, url);
  const worker = run(t, folder, "worker.ts", { INNBOX: server.url });
  const inbox = new DatabaseSync(join(folder, "inbox.db"), { readOnly: true, timeout: 1000 });
  t.after(() => inbox.close());
  const kept = () => inbox.prepare("SELECT id, body FROM inbox ORDER BY rowid").all();

  await reply("The front desk is open all night.");
  assert.equal(await worker(), "The front desk is open all night.");
  const [first, ...others] = kept();
  assert.ok(first);
  assert.deepEqual(others, []);
  const id = String(first.id);
  const body = String(first.body);

  const now = new Date();
  const genuine = new Webhook(secret).sign(id, now, body);
  const foreign = new Webhook(`whsec_${Buffer.alloc(32).toString("base64")}`).sign("forged", now, body);
  const post = async (text: string, signature: Readonly<Record<string, string>>) => {
    const headers = { "Content-Type": "application/json", ...signature };
    return (await fetch(url, { method: "POST", headers, body: text })).status;
  };
  const signed = (webhookId: string, signature: string) => ({
    "webhook-id": webhookId,
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": signature,
  });
  assert.equal(await post(body, {}), 401);
  assert.equal(await post(body, signed("forged", foreign)), 401);
  assert.equal(await post(body, signed("forged", genuine)), 401, "a genuine signature under another id");
  assert.equal(await post(`${body} `, signed(id, genuine)), 401, "another body under a genuine signature");
  assert.deepEqual(kept(), [first]);

  // An endpoint is sent one request at a time, so the first one has been recorded when the second one comes.
  await reply("Breakfast is from seven.");
  assert.equal(await worker(), "Breakfast is from seven.");
  await resend(server.app.store.db, id, server.app.clock());
  server.app.wake();
  await reply("See you tonight!");
  assert.equal(await worker(), "See you tonight!");
  const attempts = await attemptsOf(server.app.store.db, await findDelivery(server.app.store.db, id));
  assert.deepEqual(
    attempts.map(({ status }) => status),
    [204, 204],
  );
  const all = kept();
  assert.equal(all.length, 3);
  assert.deepEqual(all[0], first, "what came first was kept as it was");
});

test("the guide's WebSocket client prints messages from a position on", async (t) => {
  const { reply, ...server } = await start(t);
  const { body } = await server.call("events/getAll");
  const ids = [await reply("The front desk is open all night."), await reply("Breakfast is from seven.")];
  const variables = { INNBOX: server.url.replace("http", "ws"), POSITION: body.Position };
  const client = run(t, guideFolder(t), "socket.ts", variables);
  assert.deepEqual([await client(), await client()], [`Message ${ids[0]}`, `Message ${ids[1]}`]);
  ids.push(await reply("See you tonight!"));
  assert.equal(await client(), `Message ${ids[2]}`);
});
