import { signal } from "@preact/signals";
import type { LiveItem } from "../../../src/protocol/staff/live.ts";
import type { ThreadItem, WrittenThread } from "../../../src/protocol/staff/threads.ts";
import { Refusal } from "../../shared/refusal.ts";
import { call } from "../api.ts";
import { hasDraft, takeServerDraft } from "../composer/drafts.ts";
import { takeThreads } from "../list/lists.ts";
import { me } from "../session/session.ts";

const firstCount = 50;
const olderCount = 100;
/** How many items one block has about: a block is drawn anew only when something in it changed. */
const blockSize = 60;
/** How many threads are kept, so that going back and forth is immediate. */
const maxKept = 30;
/** How far back a message that was found is looked for. */
const maxPagesToItem = 120;

/** What is known of a thread's items, oldest first, in blocks. */
export interface Conversation {
  readonly state: "loading" | "ready" | "missing" | "failed";
  readonly blocks: readonly (readonly ThreadItem[])[];
  readonly cursor: string | null;
  readonly isLoadingOlder: boolean;
  /** The newest entry of the property's log that is shown of it. */
  readonly position: number;
  /** Before the first reply of a colleague that came while something was being written here. */
  readonly heldPosition: number | undefined;
  /** Set when the server stopped a reply for it: whether that was to resolve the thread too. */
  readonly stopped: { readonly resolve: boolean } | undefined;
}

const nothingYet: Conversation = {
  state: "loading",
  blocks: [],
  cursor: null,
  isLoadingOlder: false,
  position: 0,
  heldPosition: undefined,
  stopped: undefined,
};

/** In the order in which they were opened. */
export const conversations = signal<ReadonlyMap<string, Conversation>>(new Map());

export function conversationOf(threadId: string): Conversation | undefined {
  return conversations.value.get(threadId);
}

function change(threadId: string, next: (known: Conversation) => Conversation): void {
  const known = conversationOf(threadId);
  if (known) conversations.value = new Map(conversations.value).set(threadId, next(known));
}

/** Has a thread ready: known ones are kept up to date by the stream, others are fetched. */
export async function openConversation(threadId: string): Promise<void> {
  const known = conversationOf(threadId);
  if (known && known.state !== "failed") {
    const all = new Map(conversations.value);
    all.delete(threadId);
    conversations.value = all.set(threadId, known);
    return;
  }
  conversations.value = new Map([...conversations.value].slice(1 - maxKept)).set(threadId, nothingYet);
  await refetch(threadId);
}

/** What the stream brings of a thread while that is being fetched: the answer may not have it. */
const meanwhile = new Map<string, LiveItem[]>();

/** Fetches the newest items of a thread that is kept. */
export async function refetch(threadId: string): Promise<void> {
  const brought: LiveItem[] = [];
  meanwhile.set(threadId, brought);
  try {
    const { Thread, Items, Cursor, Position, Draft } = await call("threads/get", {
      MessageThreadId: threadId,
      Count: firstCount,
    });
    takeServerDraft(threadId, Draft);
    takeThreads([Thread]);
    change(threadId, (known) => joined(threadId, known, Items, Cursor, Position));
    // Taken while it is kept: an item that comes again would be added to what is being gone through.
    takeItems([...brought]);
  } catch (error) {
    const isMissing = error instanceof Refusal && [400, 403, 404].includes(error.status);
    change(threadId, (known) =>
      known.state === "ready" && !isMissing ? known : { ...known, state: isMissing ? "missing" : "failed" },
    );
  } finally {
    if (meanwhile.get(threadId) === brought) meanwhile.delete(threadId);
  }
}

/** What was known stays, where the new items go on from it without a gap. */
function joined(
  threadId: string,
  known: Conversation,
  items: readonly ThreadItem[],
  cursor: string | null,
  position: number,
): Conversation {
  const keys = new Set(known.blocks.flat().map(keyOf));
  const fresh = items.filter((item) => !keys.has(keyOf(item)));
  const goesOn = known.state === "ready" && (items.length === 0 || fresh.length < items.length);
  const held = known.state === "ready" ? holding(threadId, known, fresh) : {};
  const present = goesOn
    ? fresh.reduce(inserted, known)
    : { ...known, state: "ready" as const, blocks: inBlocks(items), cursor };
  return { ...present, ...held, position: Math.max(known.position, position) };
}

/** What a colleague answered while something is being written does not count as seen. */
function holding(threadId: string, known: Conversation, fresh: readonly ThreadItem[]): Partial<Conversation> {
  const isAnswered = fresh.some(
    ({ Kind, Sender, UserId }) => Kind === "MessageAdded" && Sender === "Enterprise" && UserId !== me().User.Id,
  );
  const isHeld = known.heldPosition !== undefined;
  return isAnswered && !isHeld && hasDraft(threadId) ? { heldPosition: known.position } : {};
}

function inBlocks(items: readonly ThreadItem[]): (readonly ThreadItem[])[] {
  const blocks: (readonly ThreadItem[])[] = [];
  for (let start = 0; start < items.length; start += blockSize) blocks.push(items.slice(start, start + blockSize));
  return blocks;
}

export function keyOf({ Kind, Id }: ThreadItem): string {
  return Kind + Id;
}

/** Puts an item where its time is, which nearly always is the end. */
function inserted(known: Conversation, item: ThreadItem): Conversation {
  const first = known.blocks[0]?.[0];
  // It is among those that come when one scrolls up.
  if (first && known.cursor !== null && item.CreatedUtc < first.CreatedUtc) return known;
  const last = known.blocks.at(-1) ?? [];
  const end = last.findLastIndex(({ CreatedUtc }) => CreatedUtc <= item.CreatedUtc) + 1;
  const isFull = last.length >= blockSize && end === last.length;
  const blocks = isFull
    ? [...known.blocks, [item]]
    : [...known.blocks.slice(0, -1), last.toSpliced(last.length === 0 ? 0 : end, 0, item)];
  return { ...known, blocks };
}

function withItems(known: Conversation, items: readonly ThreadItem[]): Conversation {
  const keys = new Set(known.blocks.flat().map(keyOf));
  return items.filter((item) => !keys.has(keyOf(item))).reduce(inserted, known);
}

/** Fetches what came before. @returns whether there was anything */
export async function loadOlder(threadId: string): Promise<boolean> {
  const known = conversationOf(threadId);
  if (!known?.cursor || known.isLoadingOlder) return false;
  change(threadId, (before) => ({ ...before, isLoadingOlder: true }));
  try {
    const { Items, Cursor } = await call("items/getAll", {
      MessageThreadId: threadId,
      Limitation: { Count: olderCount, Cursor: known.cursor },
    });
    change(threadId, (before) => {
      const first = new Set((before.blocks[0] ?? []).map(keyOf));
      const fresh = Items.filter((item) => !first.has(keyOf(item)));
      return { ...before, isLoadingOlder: false, cursor: Cursor, blocks: [...inBlocks(fresh), ...before.blocks] };
    });
    return true;
  } catch {
    change(threadId, (before) => ({ ...before, isLoadingOlder: false }));
    return false;
  }
}

/** Loads back to an item, as far as that is reasonable. @returns whether it is there now */
export async function loadBackTo(threadId: string, itemId: string): Promise<boolean> {
  const has = () => conversationOf(threadId)?.blocks.some((block) => block.some(({ Id }) => Id === itemId)) === true;
  for (let page = 0; page < maxPagesToItem && !has(); page += 1) {
    if (!(await loadOlder(threadId))) break;
  }
  return has();
}

/** Items as the stream brings them. */
export function takeItems(items: readonly LiveItem[]): void {
  for (const live of items) {
    const { Item, Position } = live;
    meanwhile.get(Item.MessageThreadId)?.push(live);
    change(Item.MessageThreadId, (known) => {
      if (known.state !== "ready") return known;
      const present = withItems(known, [Item]);
      const held = present === known ? {} : holding(Item.MessageThreadId, known, [Item]);
      return { ...present, ...held, position: Math.max(known.position, Position) };
    });
  }
}

/** What a write was answered. Only a reply tells that nothing else came before it. */
export function takeWritten({ Thread, Items, Position }: WrittenThread, isReply = false): void {
  takeThreads([Thread]);
  change(Thread.Id, (known) => ({
    ...withItems(known, Items),
    ...(isReply && { position: Math.max(known.position, Position) }),
  }));
}

/** The position that a reply carries: what a colleague answered meanwhile counts as seen only once it was acknowledged. */
export function seenPosition(threadId: string): number {
  const known = conversationOf(threadId);
  return known?.heldPosition ?? known?.position ?? 0;
}

/** The writer knows what came in. */
export function acknowledge(threadId: string): void {
  if (conversationOf(threadId)?.heldPosition === undefined) return;
  change(threadId, (known) => ({ ...known, heldPosition: undefined, stopped: undefined }));
}

/** The server stopped a reply: it counts as seen up to where that one was until the writer decides. */
export async function holdStopped(threadId: string, position: number, resolve: boolean): Promise<void> {
  const isNew = conversationOf(threadId) === undefined;
  await (isNew ? openConversation(threadId) : refetch(threadId));
  change(threadId, (known) => ({ ...known, heldPosition: position, stopped: { resolve } }));
}

/** Forgets every thread but the one that is open, which is fetched anew: something may be missing. */
export async function renewConversations(openId: string | undefined): Promise<void> {
  conversations.value = new Map([...conversations.value].filter(([id]) => id === openId));
  if (openId && conversationOf(openId)) await refetch(openId);
}
