import type { Microseconds } from "../../core/clock.ts";
import { uuidv7Source } from "../../core/identifiers.ts";
import { invalid } from "../../core/problem.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";
import type { Db } from "../db.ts";
import { logEnds } from "../log/log-events.ts";
import { type PastWrite, storePast } from "./past-writes.ts";

/** Made-up conversations of one client: so many threads, shared out over properties and, at each, over a time. */
export interface BulkPlan {
  readonly clientId: string;
  readonly enterpriseIds: readonly string[];
  readonly threads: number;
  readonly messagesPerThread: number;
  readonly from: Microseconds;
  readonly to: Microseconds;
  /** How the thread with this index is opened. */
  readonly thread: (index: number) => { readonly originalSender: string; readonly subject: string };
  readonly message: (
    index: number,
    position: number,
  ) => { readonly sender: SenderDiscriminator; readonly text: string };
}

/** How many changes share a transaction: enough that the cost of a commit is little beside theirs. */
const changesPerTransaction = 4000;

/**
 * Writes conversations as the server does, each thread with its messages, many to a transaction: when this is
 * interrupted, every thread that is there has all of its messages. Properties are filled one after the other, each from the oldest to the newest.
 * @param committed  called with how many threads are committed so far
 * @throws Problem (invalid) for a property whose log goes on until so lately that no more times fit in
 */
export async function addConversations(db: Db, plan: BulkPlan, committed: (threads: number) => void): Promise<void> {
  const conversations = conversationsOf(plan, await sharesOf(db, plan));
  const together = Math.ceil(changesPerTransaction / (plan.messagesPerThread + 1));
  let batch = nextOf(conversations, together);
  for (let done = batch.length; batch.length > 0; done += batch.length) {
    const writes = batch.flat();
    await db.transaction((transaction) => storePast(transaction, writes));
    committed(done);
    batch = nextOf(conversations, together);
  }
}

/** What one property gets, and when. */
interface Share {
  readonly enterpriseId: string;
  readonly threads: number;
  readonly from: Microseconds;
  /** The time from each change to the next. */
  readonly step: Microseconds;
}

async function sharesOf(db: Db, { enterpriseIds, threads, messagesPerThread, from, to }: BulkPlan): Promise<Share[]> {
  const ends = await logEnds(db, enterpriseIds);
  const before = (properties: number) => Math.floor((threads * properties) / enterpriseIds.length);
  return enterpriseIds.map((enterpriseId, index) => {
    const count = before(index + 1) - before(index);
    const start = Math.max(from, ends.get(enterpriseId) ?? 0);
    const step = Math.floor((to - start) / (count * (messagesPerThread + 1)));
    if (step >= 1) return { enterpriseId, threads: count, from: start, step };
    throw invalid("The property has had messages until so lately that no more fit in before now.", {
      code: "noRoomForHistory",
    });
  });
}

/** Thread by thread: how it was opened, and each message in it. */
function* conversationsOf(plan: BulkPlan, shares: readonly Share[]): Generator<PastWrite[]> {
  const { clientId } = plan;
  let index = 0;
  for (const { enterpriseId, threads, from, step } of shares) {
    const scope = { clientId, enterpriseIds: [enterpriseId] };
    const end = index + threads;
    let at = from;
    const newIdentifier = uuidv7Source(() => at);
    for (; index < end; index += 1) {
      at += step;
      const id = newIdentifier();
      const conversation: PastWrite[] = [
        { at, scope, command: { kind: "openThread", clientId, enterpriseId, id, ...plan.thread(index) } },
      ];
      for (let position = 0; position < plan.messagesPerThread; position += 1) {
        at += step;
        const { sender, text } = plan.message(index, position);
        const messages = [{ id: newIdentifier(), messageThreadId: id, text }];
        conversation.push({ at, scope, command: { kind: "addMessages", sender, messages } });
      }
      yield conversation;
    }
  }
}

function nextOf<T>(items: Iterator<T, undefined>, count: number): T[] {
  const batch: T[] = [];
  for (let item = items.next(); !item.done; item = items.next()) {
    batch.push(item.value);
    if (batch.length >= count) break;
  }
  return batch;
}
