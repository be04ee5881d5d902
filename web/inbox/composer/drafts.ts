import { call } from "../api.ts";
import { forget, keep, kept } from "../session/kept.ts";

/** After how many milliseconds without a key a draft goes to the server. */
const quiet = 900;

const drafts = new Map<string, string>();
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const listeners = new Set<(threadId: string) => void>();

/** In this browser until the server has it. */
function nameOf(threadId: string): string {
  return `draft.${threadId}`;
}

export function draftOf(threadId: string): string {
  return drafts.get(threadId) ?? kept<string>(nameOf(threadId)) ?? "";
}

/** Has `listener` told of drafts that came from elsewhere. @returns what ends it */
export function onDraft(listener: (threadId: string) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the server has; what was written here and is not there yet is newer. */
export function takeServerDraft(threadId: string, text: string | null): void {
  if (timers.has(threadId) || kept<string>(nameOf(threadId)) !== undefined) return;
  if ((drafts.get(threadId) ?? "") === (text ?? "")) return;
  drafts.set(threadId, text ?? "");
  for (const listener of listeners) listener(threadId);
}

export function setDraft(threadId: string, text: string): void {
  if (draftOf(threadId) === text) return;
  drafts.set(threadId, text);
  keep(nameOf(threadId), text);
  clearTimeout(timers.get(threadId));
  timers.set(
    threadId,
    setTimeout(() => void send(threadId), quiet),
  );
}

/** Puts a text into the composer, before what is there. */
export function putDraft(threadId: string, text: string): void {
  const present = draftOf(threadId);
  setDraft(threadId, present.trim() ? `${text}\n\n${present}` : text);
  for (const listener of listeners) listener(threadId);
}

/** Notes that are being written stay in this browser. */
export function noteOf(threadId: string): string {
  return kept<string>(`note.${threadId}`) ?? "";
}

export function setNote(threadId: string, text: string): void {
  const name = `note.${threadId}`;
  if (text) keep(name, text);
  else forget(name);
}

export function putNote(threadId: string, text: string): void {
  setNote(threadId, [text, noteOf(threadId)].filter(Boolean).join("\n\n"));
  for (const listener of listeners) listener(threadId);
}

/** Sends every draft that the server does not have; over when each is there or stays in this browser. */
export async function sendDrafts(isLast = false): Promise<void> {
  await Promise.all([...timers.keys()].map((threadId) => send(threadId, isLast)));
}

async function send(threadId: string, isLast = false): Promise<void> {
  clearTimeout(timers.get(threadId));
  const text = draftOf(threadId);
  const name = nameOf(threadId);
  try {
    await call("drafts/set", { MessageThreadId: threadId, Text: text }, { isLast });
    if (draftOf(threadId) !== text) return;
    forget(name);
    timers.delete(threadId);
  } catch {
    // It stays in this browser, and goes along when the connection is back.
  }
}

addEventListener("pagehide", () => void sendDrafts(true));
