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

/** After a failure, the next attempt comes after so many milliseconds. */
const pauses = [1000, 2000, 4000, 8000, 15_000];
/** Among so many of a thread's newest items one looks for what may have arrived. */
const lookedThrough = 100;

let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let isFlushing = false;

function nameOf(id: string): string {
  return `outbox.${id}`;
}

/**
 * Takes up what an earlier page of the person could not send. When somebody else used this browser meanwhile, or the
 * person signed out, nothing goes by itself: it may be late, and its writer decides.
 */
export function openOutbox(): void {
  const found = keptNames("outbox.").flatMap((name) => kept<Outgoing>(name) ?? []);
  const fresh = found.map((one) => ({ ...one, state: foundAs(one.state) }));
  outbox.value = fresh.toSorted((a, b) => (a.CreatedUtc < b.CreatedUtc ? -1 : 1));
  void offerHeld(fresh.filter(({ state }) => state === "held"));
  void flush();
}

/** Some may have been on their way when the page was left, and have arrived. The others are offered to their writer. */
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

/** Sends what stands in the composer; it is on the screen at once. */
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

/** Sends everything that waits, in its order; threads whose first one fails wait alone. */
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

/** @returns whether the server decided about it */
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

/** The session is over, or another person's: the page is being left, and this waits for its writer. */
function isOfAnother({ status }: Refusal): boolean {
  return status === 401 || status === 412;
}

const accepted = new Map<string, { readonly from: number; readonly to: number }>();

/** One's own reply before this one is nothing that came in meanwhile: nothing else was between, or it was stopped. */
function positionOf({ MessageThreadId, Position }: Outgoing): number {
  const before = accepted.get(MessageThreadId);
  return before && Position >= before.from ? Math.max(Position, before.to) : Position;
}

/** Nothing was sent: the text goes back to the composer, and the writer decides. */
async function stopped(one: Outgoing): Promise<boolean> {
  const { Id, MessageThreadId, Text, Position, Resolve } = one;
  remove(Id);
  putDraft(MessageThreadId, Text);
  await holdStopped(MessageThreadId, Position, Resolve);
  if (place.value.threadId !== MessageThreadId) sayNotSent("stopped", one);
  return true;
}

/** Sends one that failed or waits now. */
export function sendAgain(id: string): void {
  const one = outbox.value.find(({ Id }) => Id === id);
  if (!one) return;
  put({ ...one, state: "queued", message: "" });
  void flush();
}

/** Puts the text of one that was not sent back into the composer. */
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
