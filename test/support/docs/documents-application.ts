import { createClient } from "../../../client/src/index.ts";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";

// An application as the workflow of examples/ would test one: a guest of its writes, and is answered by the echo.
const connector = createClient({
  platformAddress: process.env.PLATFORM_ADDRESS ?? "",
  clientToken: demoTokens.ClientToken,
  accessToken: demoTokens.AccessToken,
  client: "Night Owl 1.0.0",
  idempotencyKeys: true,
});
const connected = Promise.withResolvers<void>();
const socket = connector.socket({ onConnect: () => connected.resolve() });
const events = socket[Symbol.asyncIterator]();
let next = events.next();
await connected.promise;
const { MessageThreads } = await connector.messageThreads.add({ OriginalSender: "Jane Guest", Subject: "Hello" });
const MessageThreadIds = MessageThreads.map(({ Id }) => Id);
await connector.messages.add({
  Messages: MessageThreadIds.map((MessageThreadId) => ({ MessageThreadId, Text: "Hello?" })),
});
// Its own message is announced first, and then the answer.
await next;
next = events.next();
await next;
const { Messages } = await connector.messages.getAll({ MessageThreadIds, Limitation: { Count: 10 } });
process.exitCode = Messages.length === 2 ? 0 : 1;
socket.close();
