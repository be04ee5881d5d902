import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { type TestContext, test } from "node:test";
import { type FrontDesk, frontDesk } from "../support/browser/front-desk.ts";
import { serverEnds } from "../support/delivery/socket.ts";
import { eventually, notesOf } from "../support/postgres/nodes.ts";
import { holdTime } from "../support/run/held-time.ts";
import { net } from "../support/server/world.ts";

test("a page that reads nothing for a minute is ended, with a line in the log", async (t) => {
  const time = holdTime(t);
  const waiting = limitOfAMinute(t);
  const ends = serverEnds(t);
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const guest = { OriginalSender: "Guest", Subject: "Stay", EnterpriseId: net };
  const MessageThreadId = (await desk.call("messageThreads/add", guest)).body.MessageThreads[0]?.Id ?? "";
  const say = () => desk.call("messages/add", { Messages: [{ MessageThreadId, Text: "x".repeat(65_536) }] });
  const agent = new Agent();
  t.after(() => agent.destroy());
  const page = get(`${desk.url}/api/staff/v1/live`, { agent, headers: { Cookie: alice.cookie } });
  const [answer] = (await once(page, "response")) as [IncomingMessage];
  const closed = once(answer.resume(), "close");
  const [end] = ends.slice(-1);
  assert.ok(end);
  // The server's end keeps to itself what it is to send, as when the network takes no more.
  end.cork();
  await say();
  await eventually("The first event", async () => (end.writableLength > 65_536 ? true : undefined));
  for (let count = 0; count < 40; count += 1) await say();
  await waiting;
  assert.deepEqual(linesOf(desk), []);
  time.pass(60_000);
  const [line = "", ...others] = linesOf(desk);
  assert.match(line, /^A page of user [\w-]{36} was ended: it had not taken \d{7} bytes \(1 since the start\)\.$/);
  assert.ok(line.includes(alice.id));
  assert.deepEqual(others, []);
  end.uncork();
  await closed;
});

function linesOf(desk: FrontDesk): string[] {
  return notesOf(desk).filter((note) => note.includes("had not taken"));
}

/** Resolves once the server begins to wait for a minute, as it does for a page that has too much to read. */
function limitOfAMinute(t: TestContext): Promise<void> {
  const held = globalThis.setTimeout;
  return new Promise((resolve) => {
    t.mock.method(globalThis, "setTimeout", (...parameters: Parameters<typeof held>) => {
      if (parameters[1] === 60_000) resolve();
      return held(...parameters);
    });
  });
}
