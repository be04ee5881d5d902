import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { test } from "node:test";
import { frontDesk } from "../support/browser/front-desk.ts";
import { serverEnds } from "../support/delivery/socket.ts";
import { eventually, notesOf } from "../support/postgres/nodes.ts";
import { holdTime } from "../support/run/held-time.ts";
import { net } from "../support/server/world.ts";

test("a page that reads nothing for a minute is ended, with a line in the log", async (t) => {
  const time = holdTime(t);
  const ends = serverEnds(t);
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const guest = { OriginalSender: "Guest", Subject: "Stay", EnterpriseId: net };
  const MessageThreadId = (await desk.call("messageThreads/add", guest)).body.MessageThreads[0]?.Id ?? "";
  const agent = new Agent();
  t.after(() => agent.destroy());
  const page = get(`${desk.url}/api/staff/v1/live`, { agent, headers: { Cookie: alice.cookie } });
  const [answer] = (await once(page, "response")) as [IncomingMessage];
  const closed = once(answer.resume(), "close");
  const [end] = ends.slice(-1);
  // The server's end keeps to itself what it is to send, as when the network takes no more.
  end?.cork();
  for (let count = 0; count < 40; count += 1) {
    await desk.call("messages/add", { Messages: [{ MessageThreadId, Text: "x".repeat(65_536) }] });
  }
  const line = await eventually("The line", async () => {
    time.pass(60_000);
    return notesOf(desk).find((note) => note.includes("had not taken"));
  });
  assert.match(line, /^A page of user [\w-]{36} was ended: it had not taken \d{7} bytes \(1 since the start\)\.$/);
  assert.ok(line.includes(alice.id));
  end?.uncork();
  await closed;
});
