import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { connected } from "../../support/delivery/raw-socket.ts";
import { sharedSandbox, startSandbox } from "../../support/server/server.ts";
import { credentials, johnDoe, published } from "../../support/server/world.ts";

const sandbox = sharedSandbox();
const tokens = JSON.stringify(credentials).slice(1, -1);
const stranger = `"ClientToken":"unknown","AccessToken":"unknown","Client":"Stranger 1.0.0"`;
const padding = `"Padding":"${"a".repeat(40_000)}"`;

test("a thousand long messages are stored, whether the tokens come first or last", async (t) => {
  const { send, call } = await startSandbox(t);
  const Messages = Array.from({ length: 1000 }, (_, index) => ({
    MessageThreadId: published,
    Text: `${index} é€😀 ${"a".repeat(8000)}`,
  }));
  const messages = `"Messages":${JSON.stringify(Messages)}`;
  for (const body of [`{${tokens},${messages}}`, `{${messages},${tokens}}`]) {
    const { status, body: answer } = await send("messages/add", body);
    assert.equal(status, 200);
    assert.deepEqual(
      answer.Messages.map(({ Message }) => Message.Text),
      Messages.map(({ Text }) => Text),
    );
  }
  assert.equal((await call("messages/getAll", { MessageThreadIds: [published] })).body.Messages.length, 2000);
});

test("a large body is compared as a small one is, by all that it asks and without the tokens", async (t) => {
  const { send } = await startSandbox(t);
  const opening = JSON.stringify(johnDoe).slice(1, -1);
  const headers = { "Idempotency-Key": "key" };
  assert.equal((await send("messageThreads/add", `{${tokens},${opening},${padding}}`, headers)).status, 200);
  const again = await send("messageThreads/add", `{ ${padding},${opening},${tokens}}`, headers);
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  const other = await send("messageThreads/add", `{${tokens},${opening},${padding.replace("aaa", "aab")}}`, headers);
  assert.equal(other.status, 400);
});

const refused: [name: string, body: string, status: number, message: RegExp][] = [
  ["unknown tokens", `{${padding},${stranger}}`, 401, /not valid/],
  ["no token", `{${padding}}`, 400, /^Invalid ClientToken|^ClientToken is required/],
  ["a token that is an object", `{${padding},${tokens},"AccessToken":{}}`, 400, /AccessToken.* must be a string/],
  ["a list", `[{${padding}}]`, 400, /^The body must be a JSON object/],
  ["half an object", `{${tokens},${padding}`, 400, /^Invalid JSON/],
  ["what is no JSON behind the tokens", `{${tokens},${padding},}`, 400, /^Invalid JSON/],
  ["too many values", `{${tokens},"a":[{}${",{}".repeat(300_000)}]}`, 400, /250000 values/],
];

for (const [name, body, status, message] of refused) {
  test(`a large body with ${name} is answered ${status}`, async () => {
    const { send } = await sandbox();
    const answer = await send("configuration/get", body);
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.body.Message, message);
  });
}

/** Begins a body of 8 MiB and sends so much of it. @returns the status of the answer */
async function beginning(url: string, sent: string): Promise<string> {
  const socket = await connected(url);
  const head = ["POST /api/connector/v1/configuration/get HTTP/1.1", "Host: innbox", "Content-Type: application/json"];
  socket.write([...head, "Content-Length: 8000000", "", sent].join("\r\n"));
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer).slice(9, 12);
}

test("an unknown caller is refused once its tokens have come, and not at the end of its body", async () => {
  const { url } = await sandbox();
  assert.equal(await beginning(url, `{${stranger},${padding}`), "401");
});

test("bodies of unknown callers have a budget, and known callers are served when it is spent", async (t) => {
  const { url, send } = await startSandbox(t, { "body-memory": "65536", "body-limit": "65536" });
  const withheld = await connected(url);
  const head = "POST /api/connector/v1/configuration/get HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  const answered = once(withheld, "data");
  const more = await connected(url);
  const alsoAnswered = once(more, "data");
  // One of them has all of the budget of its network, and the other one is refused.
  for (const socket of [withheld, more]) socket.write(`${head}Content-Length: 65000\r\n\r\n{${padding}`);
  const [answer] = await Promise.race([answered, alsoAnswered]);
  assert.equal(String(answer).slice(9, 12), "503");
  assert.equal((await send("configuration/get", `{${tokens},${padding}}`)).status, 200);
  assert.equal((await send("configuration/get", `{${tokens}}`)).status, 200);
  withheld.destroy();
  more.destroy();
});
