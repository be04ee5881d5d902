import { effect, signal, untracked } from "@preact/signals";
import type { LivePresence } from "../../../src/protocol/staff/live.ts";
import { call } from "../api.ts";
import { openThreadId } from "../place.ts";
import { colleague, me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";

/** Milliseconds. The server forgets after thirty seconds. */
const repeatEvery = 10_000;
const typingAtMostEvery = 3000;
const typingEndsAfter = 5000;

export interface Person {
  readonly name: string;
  readonly isTyping: boolean;
}

/** Who else looks at which thread. */
export const people = signal<ReadonlyMap<string, readonly Person[]>>(new Map());

export function takePresence({ People }: LivePresence): void {
  const byThread = new Map<string, Map<string, Person>>();
  for (const { UserId, MessageThreadId, IsTyping } of People) {
    if (UserId === me().User.Id) continue;
    const there = byThread.get(MessageThreadId) ?? new Map<string, Person>();
    const name = colleague(UserId)?.Name ?? currentWords().someone;
    // The same person may have the thread open twice.
    there.set(UserId, { name, isTyping: IsTyping || there.get(UserId)?.isTyping === true });
    byThread.set(MessageThreadId, there);
  }
  people.value = new Map([...byThread].map(([id, there]) => [id, [...there.values()]]));
}

let told: string | undefined;
let typedAt = 0;
let typingTold = 0;
let typingTimer: ReturnType<typeof setTimeout> | undefined;

function tell(isTyping: boolean): void {
  const open = document.hidden ? undefined : openThreadId.value;
  if (!open && !told) return;
  told = open;
  void call("presence/set", { MessageThreadId: open ?? null, IsTyping: isTyping && open !== undefined }).catch(
    () => undefined,
  );
}

/** A key was pressed in the composer. */
export function typing(): void {
  const now = Date.now();
  typedAt = now;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stoppedTyping, typingEndsAfter);
  if (now - typingTold < typingAtMostEvery) return;
  typingTold = now;
  tell(true);
}

/** The text was sent, or nothing was typed for a while. */
export function stoppedTyping(): void {
  clearTimeout(typingTimer);
  if (typingTold === 0) return;
  typingTold = 0;
  tell(false);
}

/** Says from now on which thread is open. @returns what ends it */
export function startPresence(): () => void {
  const shownOrHidden = () => tell(false);
  const stopWatching = effect(() => {
    typingTold = 0;
    // The effect is to run again for another thread only, and not for what the call reads.
    void openThreadId.value;
    untracked(() => tell(false));
  });
  const timer = setInterval(() => tell(Date.now() - typedAt < typingEndsAfter), repeatEvery);
  document.addEventListener("visibilitychange", shownOrHidden);
  return () => {
    stopWatching();
    clearInterval(timer);
    document.removeEventListener("visibilitychange", shownOrHidden);
  };
}
