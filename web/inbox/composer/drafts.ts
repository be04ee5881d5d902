import { type Signal, signal } from "@preact/signals";
import { call } from "../api.ts";
import { forget, keep, kept } from "../session/kept.ts";

/** A draft is sent to the server after so many milliseconds without a key. */
const quiet = 900;

/** The texts that are being written, by the names under which this browser keeps them. */
const texts = new Map<string, Signal<string>>();
/** The timers of drafts that the server does not have yet, by thread. */
const timers = new Map<string, ReturnType<typeof setTimeout>>();

/** This browser keeps a draft until the server has it, and a note until it is added. */
const draftName = (threadId: string) => `draft.${threadId}`;
const noteName = (threadId: string) => `note.${threadId}`;

function textOf(name: string): Signal<string> {
  const known = texts.get(name) ?? signal(kept<string>(name) ?? "");
  texts.set(name, known);
  return known;
}

export function draftOf(threadId: string): string {
  return textOf(draftName(threadId)).value;
}

/** The note that is being written. It stays in this browser. */
export function noteOf(threadId: string): string {
  return textOf(noteName(threadId)).value;
}

/** Whether a reply is being written, in this tab or in another one of the person. */
export function hasDraft(threadId: string): boolean {
  const name = draftName(threadId);
  return (texts.get(name)?.value ?? kept<string>(name) ?? "").trim() !== "";
}

/** Reads again what another tab of the person may have written since this one last showed the thread. */
export function rereadTexts(threadId: string): void {
  const draft = textOf(draftName(threadId));
  if (draft.value === "") draft.value = kept<string>(draftName(threadId)) ?? "";
  textOf(noteName(threadId)).value = kept<string>(noteName(threadId)) ?? "";
}

/** Takes the draft that the server has, unless one was written here that the server does not have yet. */
export function takeServerDraft(threadId: string, text: string | null): void {
  const name = draftName(threadId);
  if (timers.has(threadId) || kept<string>(name) !== undefined) return;
  textOf(name).value = text ?? "";
}

export function setDraft(threadId: string, text: string): void {
  const draft = textOf(draftName(threadId));
  if (draft.value === text) return;
  draft.value = text;
  keep(draftName(threadId), text);
  clearTimeout(timers.get(threadId));
  timers.set(
    threadId,
    setTimeout(() => void send(threadId), quiet),
  );
}

/** Puts a text into the composer, before what is there. */
export function putDraft(threadId: string, text: string): void {
  setDraft(threadId, [text, draftOf(threadId)].filter((part) => part.trim()).join("\n\n"));
}

export function setNote(threadId: string, text: string): void {
  const name = noteName(threadId);
  textOf(name).value = text;
  if (text) keep(name, text);
  else forget(name);
}

export function putNote(threadId: string, text: string): void {
  setNote(threadId, [text, noteOf(threadId)].filter(Boolean).join("\n\n"));
}

/** Sends every draft that the server does not have. Those that can't be sent stay in this browser. */
export async function sendDrafts(isLast = false): Promise<void> {
  await Promise.all([...timers.keys()].map((threadId) => send(threadId, isLast)));
}

async function send(threadId: string, isLast = false): Promise<void> {
  clearTimeout(timers.get(threadId));
  const text = draftOf(threadId);
  try {
    await call("drafts/set", { MessageThreadId: threadId, Text: text }, { isLast });
    if (draftOf(threadId) !== text) return;
    forget(draftName(threadId));
    timers.delete(threadId);
  } catch {
    // It stays in this browser, and is sent when the connection is back.
  }
}

addEventListener("pagehide", () => void sendDrafts(true));
