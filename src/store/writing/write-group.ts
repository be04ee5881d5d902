import type { WriteClock } from "../../core/clock.ts";
import { Problem } from "../../core/problem.ts";
import { type Decision, decide } from "../../messaging/decide.ts";
import type { Thread } from "../../messaging/thread.ts";
import type { Transaction } from "../db.ts";
import type { LogChange } from "../log/property-log.ts";
import { compositeKey } from "./composite-key.ts";
import { type Group, loadGroup } from "./load-group.ts";
import { noSuchThread, type RoutedWrite } from "./route-writes.ts";
import { saveGroup } from "./save-group.ts";
import type { Written } from "./writes.ts";

/** What became of one write of a group. A write that is refused leaves the others alone. */
export type Outcome = { readonly written: Written } | { readonly problem: Problem };

/** What became of a group, in the order of its writes, and what is to be announced once it is committed. */
export interface StoredGroup {
  readonly outcomes: readonly Outcome[];
  readonly changes: readonly LogChange[];
}

/**
 * Carries out the writes of one transaction: loads all that they need, decides one after the other in memory, and saves
 * what they have come to.
 */
export async function storeGroup(
  transaction: Transaction,
  writes: readonly RoutedWrite[],
  clock: WriteClock,
): Promise<StoredGroup> {
  const group = await loadGroup(transaction, writes, clock.now);
  const outcomes = writes.map((write) => outcomeOf(() => decideWrite(group, write, clock)));
  return { outcomes, changes: await saveGroup(transaction, group, clock.now()) };
}

function outcomeOf(work: () => Written): Outcome {
  try {
    return { written: work() };
  } catch (error) {
    if (error instanceof Problem && ["invalid", "conflict"].includes(error.kind)) return { problem: error };
    throw error;
  }
}

/**
 * Decides one write and notes in the group what it comes to. It notes nothing before it knows that it can.
 * @throws Problem (invalid) for a thread out of scope, or an idempotency key that came with another body, (conflict) for
 * a reply to what has changed meanwhile
 */
function decideWrite(group: Group, write: RoutedWrite, clock: WriteClock): Written {
  const threads = threadsOf(group, write);
  const replayed = group.kept.find(write);
  if (replayed !== undefined) return { documents: [], replayed };
  const decision = decide(write.command, {
    threads,
    logEnds: group.logEnds,
    earliest: write.at ?? clock.earliest(),
    isWritten: isWritten(group, write),
  });
  note(group, decision, clock);
  group.kept.keep(write, decision.documents);
  return { documents: decision.documents };
}

/** The threads that a command names. A thread of another client is refused as if it did not exist. */
function threadsOf({ threads }: Group, write: RoutedWrite): Thread[] {
  const { clientId } = write.scope;
  return write.threadIds.map((id, index) => {
    const thread = threads.get(compositeKey(write.enterpriseIds[index] ?? "", id))?.thread;
    if (!thread || (clientId !== null && clientId !== thread.clientId)) throw noSuchThread(write, index);
    return thread;
  });
}

function isWritten({ writtenIds }: Group, { command, owner }: RoutedWrite): boolean {
  const bringsId = command.kind === "reply" || command.kind === "addNote";
  return bringsId && writtenIds.has(compositeKey(owner, command.id));
}

function note(group: Group, { entries, threads, messages, notes }: Decision, clock: WriteClock): void {
  for (const entry of entries) {
    group.entries.push(entry);
    group.logEnds.set(entry.enterpriseId, entry);
    if (entry.messageId !== null) group.writtenIds.add(compositeKey(entry.enterpriseId, entry.messageId));
    clock.passed(entry.created);
  }
  for (const thread of threads) {
    const key = compositeKey(thread.enterpriseId, thread.id);
    group.threads.set(key, { row: group.threads.get(key)?.row, thread });
  }
  group.messages.push(...messages);
  group.notes.push(...notes);
}
