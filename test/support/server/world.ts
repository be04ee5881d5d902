import assert from "node:assert/strict";
import type { Flags } from "../../../src/config/config.ts";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import type { Scope } from "../run/scope.ts";
import type { Answer } from "./answer.ts";
import { type CallOptions, startSandbox } from "./server.ts";

/** The enterprises of the demo world, and an id that nothing has. */
export const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
export const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
export const third = "4d0201db-36f5-428b-8d11-4f0a65e960cc";
export const enterprises = [gross, net, third];
export const nobody = "00000000-0000-4000-8000-000000000000";

/** A published thread without messages, when it was opened, and what a guest says who opens another one. */
export const published = "7f9325f6-ef44-4911-89a8-ae51010a5aa4";
export const publishedAt = "2022-03-07T16:09:45Z";
export const johnDoe = { OriginalSender: "John Doe", Subject: "Example subject" };

/** Another one, with the only message in it. */
export const publishedThread = "8d02142f-31cf-4115-90bf-ae5200c7a1ba";
export const publishedMessage = "4bfe4675-98a9-4428-9ea9-ae5300dbaa93";

/** Who calls, for those who write a request by hand: client 1 with the token of its portfolio. */
export const credentials = { ...demoTokens, Client: "Test 1.0.0" };

/** Others who call: client 1 with a token for Net alone, and client 2. */
export const atNet = {
  tokens: { ...demoTokens, AccessToken: "4D6C7ABE0E6A4681B0AFB16900AE5D86-DF50CBC89E1D4FF5859DDF021649ED5" },
};
const client2 = "E916C341431C4D28A866AD200152DBD3-A046EB5583FFBE94DE1172237763712";
export const client2AtGross = {
  tokens: { ClientToken: client2, AccessToken: "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4" },
};
export const client2AtNet = {
  tokens: { ClientToken: client2, AccessToken: "1AEFA58C55E74D65BDC7AD2001564C12-66633E0B736F523379B9E5966165A55" },
};

/** What `addThread` sends. */
export const guest = { OriginalSender: "Guest", Subject: "Stay" };

const start = Date.UTC(2026, 4, 5, 10);

/** In seconds, as `at` and `utc` take them. */
export const day = 86_400;

/** The moment so many seconds after the start of a test's world, as answers print it. */
export function utc(second: number): string {
  return new Date(start + second * 1000).toISOString().replace(".000", "");
}

/** An interval of seconds after the start of a test's world. */
export function between(from: number, to: number): { StartUtc: string; EndUtc: string } {
  return { StartUtc: utc(from), EndUtc: utc(to) };
}

/** A filter for all that a test's world adds, and nothing of the published history; a month is the most for messages. */
export const everything = { CreatedUtc: between(0, 30 * day) };

/** Asks for the published thread, a page at a time. */
export function publishedPage(limitation: object): object {
  return { MessageThreadIds: [published], Limitation: limitation };
}

/** A sandbox whose clock stands still unless `at` moves it. */
export async function world(t: Scope, flags: Flags = {}, overrides: Parameters<typeof startSandbox>[2] = {}) {
  let now = start * 1000;
  const server = await startSandbox(t, flags, { ...overrides, clock: () => now });
  const { call, url } = server;

  /** Opens a thread at the caller's primary enterprise unless told otherwise, and answers its id. */
  async function addThread(EnterpriseId?: string, options: CallOptions = {}): Promise<string> {
    const { status, text, body } = await call("messageThreads/add", { ...guest, EnterpriseId }, options);
    assert.equal(status, 200, text);
    return body.MessageThreads[0]?.Id ?? "";
  }

  /** Sends one message to each of the threads, in one request. */
  function addTo(threadIds: readonly string[], options: CallOptions = {}): Promise<Answer> {
    const Messages = threadIds.map((MessageThreadId, index) => ({ MessageThreadId, Text: `Text ${index}` }));
    return call("messages/add", { Messages }, options);
  }

  /** The same for what must succeed. Answers the ids of the messages. */
  async function addMessages(...threadIds: string[]): Promise<string[]> {
    const { status, text, body } = await addTo(threadIds);
    assert.equal(status, 200, text);
    return body.Messages.map(({ Message }) => Message.Id);
  }

  async function thread(id: string) {
    const { body } = await call("messageThreads/getAll", { MessageThreadIds: [id] });
    const [found] = body.MessageThreads;
    assert.ok(found);
    return found;
  }

  /** The ids of a list of threads. */
  async function threads(properties: object = everything, options: CallOptions = {}): Promise<string[]> {
    const { status, text, body } = await call("messageThreads/getAll", properties, options);
    assert.equal(status, 200, text);
    return body.MessageThreads.map(({ Id }) => Id);
  }

  /** The ids of a list of messages. */
  async function messages(properties: object, options: CallOptions = {}): Promise<string[]> {
    const { status, text, body } = await call("messages/getAll", properties, options);
    assert.equal(status, 200, text);
    return body.Messages.map(({ Id }) => Id);
  }

  /** Does by hand what the staff of the enterprise would. Answers the id of the reply, or of the thread. */
  async function staff(action: "reply" | "resolve" | "reopen", MessageThreadId: string): Promise<string> {
    const answer = await fetch(`${url}/sandbox/v1/messageThreads/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ MessageThreadId, Text: "A reply" }),
    });
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { Id: string }).Id;
  }

  const at = (second: number) => {
    now = Math.round((start + second * 1000) * 1000);
  };
  return { ...server, at, addThread, addTo, addMessages, thread, threads, messages, staff };
}
