import { fromMilliseconds, type Microseconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import { type Message, maxTextLength } from "../../protocol/connector/messages.ts";
import type { Autopilot } from "../../protocol/sandbox/autopilot.ts";
import type { LogRow } from "../../store/log/property-log.ts";
import type { WorldParts } from "../worlds/world-parts.ts";
import { type Attendant, attendantAt } from "./attendant.ts";
import { type LogReader, logReader } from "./log-reader.ts";
import { type ConversationSoFar, newConversation } from "./personas.ts";
import { delayOf, type Turn, turnRandom, wordingOf } from "./wording.ts";

/** The staff at work with one setting, from when it was set until it is set anew. */
export interface AutopilotShift extends LogReader {
  end(): void;
}

interface Shift {
  readonly parts: WorldParts;
  readonly autopilot: Autopilot;
  readonly log: LogReader;
  readonly ended: AbortSignal;
  readonly threads: Map<string, ServedThread>;
  /** The ids of replies that the shift has written and not yet read in the log. */
  readonly ownReplies: Set<string>;
  /** Each calls off something that is planned. */
  readonly plans: Set<() => void>;
}

/** A thread in which a guest has written during the shift. */
interface ServedThread {
  readonly id: string;
  readonly enterpriseId: string;
  /** Counted from 0, in the order in which guests came. */
  readonly ordinal: number;
  readonly conversation: ConversationSoFar;
  /** How many messages of the guest there were, and how many lines of a script were said. */
  messages: number;
  linesSaid: number;
  /** How many replies are planned, and when the last of them is due. */
  planned: number;
  lastDue: Microseconds;
  /** The number in the log of the last reply, also of the shift's own, and of the last one that a person gave. */
  answered: number;
  answeredByPerson: number;
  /** Calls off the plan to resolve it. */
  keepOpen: () => void;
}

/** Serves guests until it ends; messages of before are left alone. */
export function autopilotShift(parts: WorldParts, autopilot: Autopilot): AutopilotShift {
  const ending = new AbortController();
  const log = logReader(parts, (row) => takeEntry(shift, row), ending.signal);
  const shift: Shift = {
    parts,
    autopilot,
    log,
    ended: ending.signal,
    threads: new Map(),
    ownReplies: new Set(),
    plans: new Set(),
  };
  return {
    ...log,
    end: () => {
      ending.abort();
      for (const callOff of shift.plans) callOff();
    },
  };
}

/** Plans what a new entry of a log calls for. */
function takeEntry(shift: Shift, row: LogRow): void {
  const { autopilot, threads, ownReplies } = shift;
  if (row.kind !== "MessageAdded" || row.document === null) return;
  const only = autopilot.MessageThreadIds;
  if (only && !only.some((id) => id.toLowerCase() === row.message_thread_id)) return;
  const { Id, Text, Sender } = JSON.parse(row.document) as Message;
  const isGuest = Sender.Discriminator === "Application";
  if (isGuest && !threads.has(row.message_thread_id)) threads.set(row.message_thread_id, newThread(row, threads.size));
  const thread = threads.get(row.message_thread_id);
  if (!thread) return;
  if (isGuest) planReply(shift, thread, row, Text);
  else {
    thread.answered = row.sequence;
    if (!ownReplies.delete(Id)) thread.answeredByPerson = row.sequence;
  }
  planResolving(shift, thread, row.created);
}

function newThread({ message_thread_id: id, enterprise_id: enterpriseId }: LogRow, ordinal: number): ServedThread {
  const counts = { messages: 0, linesSaid: 0, planned: 0, lastDue: 0, answered: 0, answeredByPerson: 0 };
  return { id, enterpriseId, ordinal, conversation: newConversation(), ...counts, keepOpen: () => undefined };
}

function planReply(shift: Shift, thread: ServedThread, { created, sequence }: LogRow, text: string): void {
  const { autopilot } = shift;
  const turn = { thread: thread.ordinal, message: thread.messages };
  thread.messages += 1;
  const delay = delayOf(autopilot, turnRandom(autopilot, turn));
  // A guest is answered in the order of the questions.
  thread.lastDue = Math.max(thread.lastDue, passed(shift, created) + delay);
  thread.planned += 1;
  plan(shift, thread.lastDue, async () => {
    thread.planned -= 1;
    // After the clock was set back, the next reply must not wait for the time of a reply that was given before.
    if (thread.planned === 0) thread.lastDue = 0;
    await reply(shift, thread, sequence, text, turn);
  });
}

async function reply(shift: Shift, thread: ServedThread, asked: number, question: string, turn: Turn): Promise<void> {
  const { parts, autopilot, log, ended } = shift;
  await log.idle();
  // What a person has answered is left at that. A persona's answer to a later message answers this one too.
  const answered = autopilot.Mode === "Persona" ? thread.answered : thread.answeredByPerson;
  if (answered > asked || ended.aborted) return;
  const attendant = await attendantAt(parts.store.db, thread.enterpriseId, thread.id, thread.ordinal);
  if (!attendant) return;
  const { conversation, linesSaid } = thread;
  const text = wordingOf(autopilot, { turn, question, conversation, linesSaid, facts: attendant.facts });
  if (text === undefined) return;
  thread.linesSaid += 1;
  await writeReply(shift, thread, attendant, shortened(text));
  parts.changed();
}

async function writeReply(
  { parts: { store, newIdentifier }, ownReplies }: Shift,
  { id: messageThreadId, enterpriseId }: ServedThread,
  { userId }: Attendant,
  text: string,
): Promise<void> {
  const scope = { clientId: null, enterpriseIds: [enterpriseId] } as const;
  const id = newIdentifier();
  ownReplies.add(id);
  if (userId === undefined) {
    const messages = [{ id, messageThreadId, text }];
    await store.write({ scope, command: { kind: "addMessages", sender: "Enterprise", messages } });
    return;
  }
  // The reply is sent even if the guest has written more meanwhile.
  const seen = Number.MAX_SAFE_INTEGER;
  await store.write({ scope, command: { kind: "reply", messageThreadId, id, userId, text, seen, resolves: false } });
}

function planResolving(shift: Shift, thread: ServedThread, last: Microseconds): void {
  const { ResolveAfter } = shift.autopilot;
  if (!ResolveAfter) return;
  thread.keepOpen();
  // The silence begins after the last message and after the last reply that is planned.
  const begin = Math.max(passed(shift, last), thread.lastDue);
  thread.keepOpen = plan(shift, begin + fromMilliseconds(duration(ResolveAfter)), () => resolve(shift, thread));
}

async function resolve({ parts }: Shift, { id: messageThreadId, enterpriseId, ordinal }: ServedThread): Promise<void> {
  const attendant = await attendantAt(parts.store.db, enterpriseId, messageThreadId, ordinal);
  const scope = { clientId: null, enterpriseIds: [enterpriseId] } as const;
  const by = attendant?.userId === undefined ? {} : { userId: attendant.userId };
  await parts.store.write({ scope, command: { kind: "setResolved", messageThreadId, isResolved: true, ...by } });
  parts.changed();
}

/** Has `work` done at its time, unless the shift ends before. @returns what calls it off */
function plan({ parts, plans, ended }: Shift, time: Microseconds, work: () => Promise<void>): () => void {
  const cancel = parts.timeline.at(time, async () => {
    plans.delete(callOff);
    try {
      await work();
    } catch (error) {
      // Work that was under way when the shift ended may fail because the world has stopped.
      if (!ended.aborted) throw error;
    }
  });
  const callOff = () => {
    plans.delete(callOff);
    cancel();
  };
  plans.add(callOff);
  return callOff;
}

/** A time as far as the clock has come: the log of a property runs ahead of a clock that stands still. */
function passed({ parts }: Shift, time: Microseconds): Microseconds {
  return Math.min(time, parts.clock());
}

/** Not longer than a message may be, which a persona's words around a long text could make it. */
function shortened(text: string): string {
  return text.length <= maxTextLength ? text : [...text].slice(0, maxTextLength).join("");
}
