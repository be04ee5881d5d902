import { signal } from "@preact/signals";
import type { MessageThread } from "../../../src/protocol/connector/message-threads.ts";
import type { Message } from "../../../src/protocol/connector/messages.ts";
import { newIdentifier } from "../../shared/identifiers.ts";
import { beginning } from "../../shared/plain-text.ts";
import { Refusal } from "../../shared/refusal.ts";
import { reasonOf } from "../notices.ts";
import { post } from "../server/ask.ts";
import { coalesced } from "../server/coalesced.ts";
import { chatClient, guestNames, properties, tokens } from "../server/demo.ts";

/** How many messages of a thread are fetched. */
const most = 60;
/** How often messages that could not be fetched are asked for again, and the shortest pause in milliseconds. */
const tries = 8;
const pause = 1000;

export interface Bubble {
  /** Stays the same while the message is sent, failed or sent again. */
  readonly key: string;
  readonly id: string | undefined;
  readonly text: string;
  readonly isGuest: boolean;
  readonly createdUtc: string | undefined;
  readonly state: "sending" | "sent" | "failed";
  /** Why it was not sent. */
  readonly failure: string;
}

/** A guest's conversation with a property, as the guest's application has it. */
export interface Chat {
  readonly guest: string;
  readonly propertyId: string;
  readonly threadId: string | undefined;
  readonly bubbles: readonly Bubble[];
  /** The run of a scenario that plays in this chat. */
  readonly runId: string | undefined;
  /** Why the latest messages can't be fetched. */
  readonly trouble: string;
}

let guestNumber = 0;

export const chat = signal<Chat>(emptyChat());

function emptyChat(propertyId = properties[1]?.id ?? properties[0].id): Chat {
  const guest = guestNames[guestNumber % guestNames.length] ?? "Jane Guest";
  return { guest, propertyId, threadId: undefined, bubbles: [], runId: undefined, trouble: "" };
}

/** Begins an empty chat of the next guest. */
export function startOver(): void {
  guestNumber += 1;
  chat.value = emptyChat(chat.value.propertyId);
}

/** Shows the conversation of a scenario's run instead. */
export function follow(followed: Pick<Chat, "guest" | "runId">): void {
  chat.value = { ...emptyChat(), ...followed };
}

/** Shows the thread of the run that is in the chat. */
export function followThread(threadId: string): void {
  chat.value = { ...chat.value, threadId };
  void fetchMessages();
}

function connector(operation: string, properties: object, key?: string): Promise<unknown> {
  const headers: Readonly<Record<string, string>> = key === undefined ? {} : { "Idempotency-Key": key };
  return post(`/api/connector/v1/${operation}`, { ...tokens, Client: chatClient, ...properties }, headers);
}

/** Sends a message of the guest. The first one opens a thread. */
export async function say(text: string, subject = beginning(text, 60)): Promise<void> {
  const key = newIdentifier();
  const bubble: Bubble = {
    key,
    id: undefined,
    text,
    isGuest: true,
    createdUtc: undefined,
    state: "sending",
    failure: "",
  };
  chat.value = { ...chat.value, bubbles: [...chat.value.bubbles, bubble] };
  await send(bubble, subject);
}

/** Sends a failed message again, with the same idempotency key, so that it is never added twice. */
export async function sayAgain(bubble: Bubble): Promise<void> {
  changeBubble(bubble.key, { state: "sending", failure: "" });
  await send(bubble, beginning(bubble.text, 60));
}

let sending: Promise<void> = Promise.resolve();

/** Sends messages one after the other, in the order in which they were written. */
function send(bubble: Bubble, subject: string): Promise<void> {
  sending = sending.then(() => sendNow(bubble, subject));
  return sending;
}

async function sendNow({ key, text }: Bubble, subject: string): Promise<void> {
  if (!chat.value.bubbles.some((bubble) => bubble.key === key)) return;
  try {
    const threadId = chat.value.threadId ?? (await openThread(subject, key));
    const body = { Messages: [{ MessageThreadId: threadId, Text: text }] };
    const answer = (await connector("messages/add", body, key)) as { Messages: readonly { Message: Message }[] };
    const message = answer.Messages[0]?.Message;
    changeBubble(key, { id: message?.Id, createdUtc: message?.CreatedUtc, state: "sent" });
  } catch (error) {
    const status = error instanceof Refusal && error.status > 0 ? `${error.status}: ` : "";
    changeBubble(key, { state: "failed", failure: status + reasonOf(error) });
  }
}

async function openThread(subject: string, key: string): Promise<string> {
  const { guest, propertyId } = chat.value;
  const body = { OriginalSender: guest, Subject: subject, EnterpriseId: propertyId };
  const answer = (await connector("messageThreads/add", body, key)) as { MessageThreads: readonly MessageThread[] };
  const threadId = answer.MessageThreads[0]?.Id;
  if (!threadId) throw new Refusal(0, "");
  if (chat.value.bubbles.some((bubble) => bubble.key === key)) chat.value = { ...chat.value, threadId };
  return threadId;
}

function changeBubble(key: string, change: Partial<Bubble>): void {
  chat.value = {
    ...chat.value,
    bubbles: chat.value.bubbles
      // The fetched messages may contain it before the answer to its own request is there.
      .filter((bubble) => change.id === undefined || bubble.key === key || bubble.id !== change.id)
      .map((bubble) => (bubble.key === key ? { ...bubble, ...change } : bubble)),
  };
}

/** Takes the event of a new message, and fetches the messages if it may be of this chat. */
export function hear(messageId: string, threadId: string | undefined): void {
  const { threadId: own, bubbles } = chat.value;
  if (!own || (threadId && threadId !== own) || bubbles.some(({ id }) => id === messageId)) return;
  // It may be the message that is being sent, whose id is known with the answer.
  if (bubbles.some(({ state }) => state === "sending")) return void setTimeout(hear, 150, messageId, threadId);
  void fetchMessages();
}

/** The property's answer that came last, once it is in the chat. */
export const lastAnswer = signal<Bubble | undefined>(undefined);

/** Fetches the thread's messages. Many events at once are one fetch. */
export const fetchMessages = coalesced(fetchOnce);

async function fetchOnce(): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { threadId } = chat.value;
    if (!threadId) return;
    try {
      const body = { MessageThreadIds: [threadId], Limitation: { Count: most } };
      const { Messages } = (await connector("messages/getAll", body)) as { Messages: readonly Message[] };
      if (chat.value.threadId === threadId) takeMessages(Messages.toReversed());
      return;
    } catch (error) {
      if (chat.value.threadId !== threadId) return;
      chat.value = { ...chat.value, trouble: reasonOf(error) };
      if (attempt === tries) return;
      const asked = error instanceof Refusal ? (error.retryAfter ?? 0) * 1000 : 0;
      await new Promise((resolve) => setTimeout(resolve, Math.max(pause, asked)));
    }
  }
}

/** The latest messages of the thread, oldest first. */
function takeMessages(messages: readonly Message[]): void {
  const { bubbles } = chat.value;
  const known = new Map(bubbles.map((bubble) => [bubble.id, bubble]));
  const fetched = new Set<string | undefined>(messages.map(({ Id }) => Id));
  const isHere = ({ id }: Bubble) => fetched.has(id);
  const start = bubbles.findIndex(isHere);
  const older = bubbles.slice(0, start < 0 ? bubbles.length : start).filter(({ id }) => id !== undefined);
  // Written meanwhile, or not sent yet.
  const newer = bubbles.filter((bubble) => !older.includes(bubble) && !isHere(bubble));
  const latest = messages.map((message) => known.get(message.Id) ?? bubbleOf(message));
  chat.value = { ...chat.value, trouble: "", bubbles: [...older, ...latest, ...newer].slice(-most * 2) };
  const answer = latest.findLast((bubble) => !bubble.isGuest && !known.has(bubble.id));
  if (answer) lastAnswer.value = answer;
}

function bubbleOf({ Id, Text, Sender, CreatedUtc }: Message): Bubble {
  return {
    key: Id,
    id: Id,
    text: Text,
    isGuest: Sender.Discriminator === "Application",
    createdUtc: CreatedUtc,
    state: "sent",
    failure: "",
  };
}
