import { effect, signal, untracked } from "@preact/signals";
import type { LivePresence } from "../../../src/protocol/staff/live.ts";
import { call } from "../api.ts";
import { openThreadId } from "../place.ts";
import { colleague, me } from "../session/session.ts";
import { currentWords } from "../words/words.ts";

/** Milliseconds between two reports of presence. The server forgets a person thirty seconds after the last one. */
const repeatEvery = 10_000;
const typingAtMostEvery = 3000;
const typingEndsAfter = 5000;

export interface Person {
  readonly name: string;
  readonly isTyping: boolean;
}

/** The colleagues who look at each thread. */
export const people = signal<ReadonlyMap<string, readonly Person[]>>(new Map());

export function takePresence({ People }: LivePresence): void {
  const byThread = new Map<string, Map<string, Person>>();
  for (const { UserId, MessageThreadId, IsTyping } of People) {
    if (UserId === me().User.Id) continue;
    const there = byThread.get(MessageThreadId) ?? new Map<string, Person>();
    const name = colleague(UserId)?.Name ?? currentWords().someone;
    // A colleague may have the thread open in two tabs and type in one of them.
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

/** Takes a key that was pressed in the composer. */
export function typing(): void {
  const now = Date.now();
  typedAt = now;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stoppedTyping, typingEndsAfter);
  if (now - typingTold < typingAtMostEvery) return;
  typingTold = now;
  tell(true);
}

/** Reports that the text was sent, or that nothing was typed for a while. */
export function stoppedTyping(): void {
  clearTimeout(typingTimer);
  if (typingTold === 0) return;
  typingTold = 0;
  tell(false);
}

/** Reports from now on which thread is open. @returns what ends it */
export function startPresence(): () => void {
  const shownOrHidden = () => tell(false);
  const stopWatching = effect(() => {
    typingTold = 0;
    // Only another open thread may run the effect again, and not a signal that the call reads.
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
