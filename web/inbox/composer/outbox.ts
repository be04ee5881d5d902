import { signal } from "@preact/signals";
import { newIdentifier } from "../../shared/identifiers.ts";
import { Refusal } from "../../shared/refusal.ts";
import { call } from "../api.ts";
import { place } from "../place.ts";
import { forget, keep, kept, keptNames } from "../session/kept.ts";
import { goesOnByItself } from "../session/session.ts";
import { holdStopped, seenPosition, takeWritten } from "../thread/conversations.ts";
import { putDraft, putNote } from "./drafts.ts";
import { type Outgoing, sayHeld, sayNotSent } from "./outgoing.ts";

export const outbox = signal<readonly Outgoing[]>([]);

/** Milliseconds until the next attempt after the first, second and further failures. */
const pauses = [1000, 2000, 4000, 8000, 15_000];
/** How many of a thread's newest items are searched for a message that may have arrived. */
const lookedThrough = 100;

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isFlushing = false;

function nameOf(id: string): string {
  return `outbox.${id}`;
}

/**
 * Takes up what an earlier page of the person could not send. When another person used this browser meanwhile, or the
 * person signed out, it is held until its writer decides, since it may be out of date.
 */
export function openOutbox(): void {
  const found = keptNames("outbox.").flatMap((name) => kept<Outgoing>(name) ?? []);
  const fresh = found.map((one) => ({ ...one, state: foundAs(one.state) }));
  outbox.value = fresh.toSorted((a, b) => (a.CreatedUtc < b.CreatedUtc ? -1 : 1));
  void offerHeld(fresh.filter(({ state }) => state === "held"));
  void flush();
}

/**
 * Removes the held messages that reached the server just before the page was left, and offers the others to their
 * writer.
 */
async function offerHeld(held: readonly Outgoing[]): Promise<void> {
  for (const one of held) put(one);
  const arrived = await Promise.all(held.map(hasArrived));
  for (const [index, { Id }] of held.entries()) if (arrived[index]) remove(Id);
  const left = held.filter((_, index) => !arrived[index]);
  const [first] = left;
  if (first) await sayHeld(left.length, first);
}

async function hasArrived({ Id, MessageThreadId }: Outgoing): Promise<boolean> {
  try {
    const { Items } = await call("threads/get", { MessageThreadId, Count: lookedThrough });
    return Items.some((item) => item.Id === Id);
  } catch {
    return false;
  }
}

function foundAs(state: Outgoing["state"]): Outgoing["state"] {
  if (state === "failed" || state === "held") return state;
  return goesOnByItself() ? "queued" : "held";
}

function put(one: Outgoing): void {
  keep(nameOf(one.Id), one);
  const others = outbox.value;
  const isKnown = others.some(({ Id }) => Id === one.Id);
  outbox.value = isKnown ? others.map((other) => (other.Id === one.Id ? one : other)) : [...others, one];
}

function remove(id: string): void {
  forget(nameOf(id));
  outbox.value = outbox.value.filter(({ Id }) => Id !== id);
}

/** Sends a text of the composer. It is on the screen at once. */
export function sendOut(
  thread: { readonly Id: string; readonly OriginalSender: string },
  kind: Outgoing["Kind"],
  text: string,
  resolve = false,
): void {
  put({
    Id: newIdentifier(),
    MessageThreadId: thread.Id,
    Guest: thread.OriginalSender,
    Kind: kind,
    Text: text,
    Position: seenPosition(thread.Id),
    Resolve: resolve,
    CreatedUtc: new Date().toISOString(),
    state: "sending",
    message: "",
  });
  void flush();
}

/** Sends everything that waits, in order, until a request fails that may succeed later. */
export async function flush(): Promise<void> {
  if (isFlushing) return;
  isFlushing = true;
  clearTimeout(timer);
  try {
    for (let next = nextToSend(); next; next = nextToSend()) {
      const isThrough = await send(next);
      if (!isThrough) break;
      failures = 0;
    }
  } finally {
    isFlushing = false;
  }
}

function nextToSend(): Outgoing | undefined {
  return outbox.value.find(({ state }) => state === "sending" || state === "queued");
}

/** @returns whether the server took or refused it for good, so that the next one can be sent */
async function send(one: Outgoing): Promise<boolean> {
  const { Id, MessageThreadId, Text, Resolve } = one;
  if (one.state !== "sending") put({ ...one, state: "sending" });
  try {
    const written =
      one.Kind === "note"
        ? await call("threads/note", { MessageThreadId, Id, Text })
        : await call("threads/reply", { MessageThreadId, Id, Text, Position: positionOf(one), Resolve });
    if (one.Kind === "reply") accepted.set(MessageThreadId, { from: positionOf(one), to: written.Position });
    remove(Id);
    takeWritten(written, one.Kind === "reply");
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.status === 409) return stopped(one);
    if (error.isPassing || isOfAnother(error)) {
      put({ ...one, state: "queued", message: "" });
      const pause = error.retryAfter ? error.retryAfter * 1000 : pauses[Math.min(failures, pauses.length - 1)];
      failures += 1;
      if (!isOfAnother(error)) timer = setTimeout(() => void flush(), pause);
      return false;
    }
    put({ ...one, state: "failed", message: error.message });
    if (place.value.threadId !== MessageThreadId) sayNotSent("failed", one);
    return true;
  }
}

/**
 * Whether the session has ended or is another person's. Then the page is being left, and the message waits for its
 * writer.
 */
function isOfAnother({ status }: Refusal): boolean {
  return status === 401 || status === 412;
}

const accepted = new Map<string, { readonly from: number; readonly to: number }>();

/**
 * The position up to which the writer has seen the thread. Their own reply before this one, which was accepted, counts
 * as seen.
 */
function positionOf({ MessageThreadId, Position }: Outgoing): number {
  const before = accepted.get(MessageThreadId);
  return before && Position >= before.from ? Math.max(Position, before.to) : Position;
}

/**
 * The server stopped a reply, since others wrote meanwhile. The text goes back to the composer, and the writer decides.
 */
async function stopped(one: Outgoing): Promise<boolean> {
  const { Id, MessageThreadId, Text, Position, Resolve } = one;
  remove(Id);
  putDraft(MessageThreadId, Text);
  await holdStopped(MessageThreadId, Position, Resolve);
  if (place.value.threadId !== MessageThreadId) sayNotSent("stopped", one);
  return true;
}

/** Sends a message now that failed or waits. */
export function sendAgain(id: string): void {
  const one = outbox.value.find(({ Id }) => Id === id);
  if (!one) return;
  put({ ...one, state: "queued", message: "" });
  void flush();
}

/** Puts the text of a message that was not sent back into the composer. */
export function takeBack(id: string): void {
  const one = outbox.value.find(({ Id }) => Id === id);
  if (!one) return;
  remove(id);
  if (one.Kind === "reply") putDraft(one.MessageThreadId, one.Text);
  else putNote(one.MessageThreadId, one.Text);
}

export function discard(id: string): void {
  remove(id);
}
