// A chatbot that answers guests by keyword, and keeps quiet once somebody of the front desk has answered.
import { createClient } from "@innbox/client";

/** What it knows. The first line that fits is the answer. */
const answers: readonly (readonly [RegExp, string])[] = [
  [/late|midnight|lands|arriv/i, "The front desk is open all night. Your room will be ready, whenever you come."],
  [
    /breakfast|vegan|gluten|allerg/i,
    "Breakfast is from 7 to 10:30. Tell us what you can't eat, and we cook without it.",
  ],
  [/wi-?fi|internet|password/i, "The network is called Guests, and its password is on the card beside your bed."],
  [/park|garage|car\b/i, "You may park in the yard for 15 euros a night. Ring at the gate, and we open it."],
  [/check.?out|leave|luggage|bag/i, "Check-out is until 11. We keep your luggage for as long as you like."],
];
const lost = "I have asked the front desk. Somebody will answer you here.";

/** Its own messages are announced to it like all others; by this it knows them again. */
const mark = "🤖 ";

const connector = createClient({
  platformAddress: process.env.PLATFORM_ADDRESS ?? "http://127.0.0.1:8080",
  clientToken: process.env.CLIENT_TOKEN ?? "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
  accessToken: process.env.ACCESS_TOKEN ?? "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
  client: "Keyword Bot 1.0.0",
  idempotencyKeys: true,
});

/** What to say in a thread, if anything: never after the front desk has spoken, and `lost` only once. */
async function answerTo(messageThreadId: string, messageId: string): Promise<string | undefined> {
  const { Messages } = await connector.messages.getAll({
    MessageThreadIds: [messageThreadId],
    Limitation: { Count: 100 },
  });
  const message = Messages.find(({ Id }) => Id === messageId);
  if (!message || message.Text.startsWith(mark)) return undefined;
  if (Messages.some(({ Sender }) => Sender.Discriminator === "Enterprise")) return undefined;
  const [, answer] = answers.find(([words]) => words.test(message.Text)) ?? [];
  console.log(`Guest: ${message.Text}`);
  if (answer === undefined && Messages.some(({ Text }) => Text === mark + lost)) return undefined;
  return answer ?? lost;
}

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
const { Enterprise } = await connector.configuration.get();
const socket = connector.socket({
  after: "now",
  signal: stop.signal,
  onConnect: () => console.log(`Listening to the guests of ${Enterprise.Name}. Ctrl+C ends it.`),
});
try {
  for await (const { Id, MessageThreadId } of socket) {
    const Text = MessageThreadId && (await answerTo(MessageThreadId, Id));
    if (!Text) continue;
    console.log(`Bot: ${Text}`);
    await connector.messages.add({ Messages: [{ MessageThreadId, Text: mark + Text }] });
  }
} catch (error) {
  if (!stop.signal.aborted) throw error;
}
