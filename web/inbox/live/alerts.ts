import { effect } from "@preact/signals";
import type { LiveItem } from "../../../src/protocol/staff/live.ts";
import { beginning, isolated } from "../../shared/plain-text.ts";
import { threadOf } from "../list/threads.ts";
import { goTo, openThreadId } from "../place.ts";
import { me } from "../session/session.ts";
import { counts } from "../sidebar/counts.ts";
import { currentWords } from "../words/words.ts";
import { announcement } from "./toasts.ts";

/** A message that is older than so many milliseconds when it comes is no news: the page was only catching up. */
const newsFor = 120_000;

/** The notifications on the screen. They are closed with the page, since the next person must not read them. */
const shown = new Set<Notification>();
addEventListener("pagehide", () => {
  for (const notification of shown) notification.close();
});

/** Alerts the person to guests' messages by notification and sound, as their preferences say. */
export function alertOf(items: readonly LiveItem[]): void {
  const fresh = items.filter(
    ({ Item }) =>
      Item.Kind === "MessageAdded" &&
      Item.Sender === "Application" &&
      Date.now() - Date.parse(Item.CreatedUtc) < newsFor,
  );
  const last = fresh.at(-1)?.Item;
  if (!last) return;
  const thread = threadOf(last.MessageThreadId);
  const { HasNotifications, HasSound } = me().Preferences;
  if (thread) announcement.value = currentWords().newMessageFrom(thread.OriginalSender);
  if (HasSound) playSound();
  const isInFront = !document.hidden && document.hasFocus();
  if (!HasNotifications || isInFront || !thread || !mayNotify()) return;
  const notification = new Notification(isolated(thread.OriginalSender), {
    body: isolated(beginning(last.Text ?? "", 160)),
    // A notification replaces the earlier one of the same thread.
    tag: thread.Id,
    silent: true,
  });
  shown.add(notification);
  notification.onclose = () => shown.delete(notification);
  notification.onclick = () => {
    focus();
    goTo({ threadId: thread.Id });
    notification.close();
  };
}

export function mayNotify(): boolean {
  return "Notification" in window && Notification.permission === "granted";
}

let audio: AudioContext | undefined;

/** Plays two soft notes. Browsers play nothing before the first key or click. */
export function playSound(): void {
  try {
    audio ??= new AudioContext();
    const start = audio.currentTime + 0.02;
    note(audio, 659.25, start, 0.35);
    note(audio, 880, start + 0.14, 0.6);
  } catch {
    // The browser has no sound.
  }
}

/** Frequency in hertz, times in seconds. */
function note(context: AudioContext, frequency: number, start: number, length: number): void {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = "sine";
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.09, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + length);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + length);
}

/** Keeps the count of unread threads in the tab's title. @returns what ends it */
export function startTitle(): () => void {
  const stop = effect(() => {
    const { unread } = counts.value;
    const thread = threadOf(openThreadId.value ?? "");
    const name = thread ? `${isolated(thread.OriginalSender)} · Innbox` : "Innbox";
    document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${name}` : name;
  });
  return () => {
    stop();
    document.title = "Innbox";
  };
}
