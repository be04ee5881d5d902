import { showThread } from "../desk/desk.ts";
import { attempt } from "../notices.ts";
import { ensureAnswers } from "../panels/helpfulness.ts";
import { type Bubble, chat, say, sayAgain } from "./guest.ts";

/** Sends a message of the guest, and opens a new thread in the property's inbox. */
export function write(text: string, subject?: string): void {
  void atTheDesk(() => say(text, subject));
  // The button that was pressed is gone with the chat's start page, so the focus needs a new place.
  if (matchMedia("(pointer: fine)").matches) document.querySelector<HTMLElement>(".phone-composer textarea")?.focus();
}

export function writeAgain(bubble: Bubble): void {
  void atTheDesk(() => sayAgain(bubble));
}

async function atTheDesk(talk: () => Promise<void>): Promise<void> {
  const { threadId: before } = chat.value;
  if (!before) await attempt(ensureAnswers);
  await talk();
  const { threadId } = chat.value;
  if (threadId && threadId !== before) showThread(threadId);
}
