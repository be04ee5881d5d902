// A bridge from the terminal: what you type is a guest's, and what the front desk answers is printed.
import { createInterface } from "node:readline/promises";
import { createClient } from "@innbox/client";

const connector = createClient({
  platformAddress: process.env.PLATFORM_ADDRESS ?? "http://127.0.0.1:8080",
  clientToken: process.env.CLIENT_TOKEN ?? "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
  accessToken: process.env.ACCESS_TOKEN ?? "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
  client: "Terminal Bridge 1.0.0",
  idempotencyKeys: true,
});

const { MessageThreads } = await connector.messageThreads.add({
  OriginalSender: process.env.GUEST ?? "Terminal Guest",
  Subject: "From a terminal",
});
const MessageThreadId = MessageThreads[0]?.Id ?? "";
const connected = Promise.withResolvers<void>();
const socket = connector.socket({ after: "now", onConnect: () => connected.resolve() });

async function listen(): Promise<void> {
  for await (const event of socket) {
    if (event.MessageThreadId !== MessageThreadId) continue;
    const { Messages } = await connector.messages.getAll({ MessageIds: [event.Id] });
    for (const { Sender, Text } of Messages) if (Sender.Discriminator === "Enterprise") console.log(`< ${Text}`);
  }
}

const listening = listen();
// What the front desk answers before the socket is open would not be heard.
await Promise.race([connected.promise, listening]);
const terminal = createInterface({ input: process.stdin });
console.log(`The thread is ${MessageThreadId}. Type as its guest; Ctrl+D ends it.`);
for await (const Text of terminal) {
  if (Text.trim() !== "") await connector.messages.add({ Messages: [{ MessageThreadId, Text }] });
}
socket.close();
await listening;
