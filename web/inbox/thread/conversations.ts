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
/** About how many items a block has. A block is drawn again only when one of its items changed. */
const blockSize = 60;
/** How many threads are kept, so that going back and forth is immediate. */
const maxKept = 30;
/** How many pages are fetched at most to reach a message that a search found. */
const maxPagesToItem = 120;

/** The items of a thread that were fetched, oldest first, in blocks. */
export interface Conversation {
  readonly state: "loading" | "ready" | "missing" | "failed";
  readonly blocks: readonly (readonly ThreadItem[])[];
  readonly cursor: string | null;
  readonly isLoadingOlder: boolean;
  /** The position in the property's log up to which the thread's items are shown. */
  readonly position: number;
  /** The position before the first reply of a colleague that came while the person was writing here. */
  readonly heldPosition: number | undefined;
  /** Set when the server stopped a reply because of that one, with whether the reply was to resolve the thread too. */
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

/** Fetches a thread unless it is known. The stream keeps known threads up to date. */
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

/** Items that the stream brought while their thread was being fetched. The answer may not contain them. */
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
    // A copy, since takeItems adds the items to `brought` again while it goes through them.
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

/** Joins fetched items to the known ones if they follow without a gap, and replaces the known ones otherwise. */
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

/** A colleague's answer that comes while the person writes a reply does not count as seen. */
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
  // It is older than all that were fetched, and comes when the person scrolls up to it.
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

/** Fetches the items before the known ones. @returns whether there were any */
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

/** Fetches older items until one is reached, up to a limit. @returns whether it was reached */
export async function loadBackTo(threadId: string, itemId: string): Promise<boolean> {
  const has = () => conversationOf(threadId)?.blocks.some((block) => block.some(({ Id }) => Id === itemId)) === true;
  for (let page = 0; page < maxPagesToItem && !has(); page += 1) {
    if (!(await loadOlder(threadId))) break;
  }
  return has();
}

/** Takes items from the stream. */
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

/**
 * Takes the answer to a write. Only a reply moves the position, since the server checked that the writer had seen all.
 */
export function takeWritten({ Thread, Items, Position }: WrittenThread, isReply = false): void {
  takeThreads([Thread]);
  change(Thread.Id, (known) => ({
    ...withItems(known, Items),
    ...(isReply && { position: Math.max(known.position, Position) }),
  }));
}

/** The position up to which the person has seen a thread. A colleague's answer counts once it was acknowledged. */
export function seenPosition(threadId: string): number {
  const known = conversationOf(threadId);
  return known?.heldPosition ?? known?.position ?? 0;
}

/** The writer has seen what came in meanwhile. */
export function acknowledge(threadId: string): void {
  if (conversationOf(threadId)?.heldPosition === undefined) return;
  change(threadId, (known) => ({ ...known, heldPosition: undefined, stopped: undefined }));
}

/** The server stopped a reply. Until the writer decides, the thread counts as seen up to the reply's position only. */
export async function holdStopped(threadId: string, position: number, resolve: boolean): Promise<void> {
  const isNew = conversationOf(threadId) === undefined;
  await (isNew ? openConversation(threadId) : refetch(threadId));
  change(threadId, (known) => ({ ...known, heldPosition: position, stopped: { resolve } }));
}

/** Forgets all threads but the open one, and fetches that again, after events may have been missed. */
export async function renewConversations(openId: string | undefined): Promise<void> {
  conversations.value = new Map([...conversations.value].filter(([id]) => id === openId));
  if (openId && conversationOf(openId)) await refetch(openId);
}
