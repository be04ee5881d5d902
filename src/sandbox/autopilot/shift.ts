import { fromMilliseconds, type Microseconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import { type Message, maxTextLength } from "../../protocol/connector/messages.ts";
import type { Autopilot } from "../../protocol/sandbox/autopilot.ts";
import { listEnterprises } from "../../store/directory/directory.ts";
import { entriesAfter, type LogChange, type LogRow, logNumbers } from "../../store/log/property-log.ts";
import type { WorldParts } from "../worlds/world-parts.ts";
import { type Attendant, attendantAt } from "./attendant.ts";
import { type ConversationSoFar, newConversation } from "./personas.ts";
import { delayOf, type Turn, turnRandom, wordingOf } from "./wording.ts";

/** The staff at work with one setting, from when it was set until it is set anew. */
export interface AutopilotShift {
  /** Told of what was committed. */
  heard(changes: readonly LogChange[]): void;
  idle(): Promise<void>;
  end(): void;
}

/** A thread in which a guest has written since. */
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
  /** The number in the log of the last reply of anybody, and of the last one that a person gave. */
  answered: number;
  answeredByPerson: number;
  /** Calls off resolving it after the silence. */
  callOff: () => void;
}

/** How many entries of a log are read at once. */
const page = 500;

/** Serves guests until it ends; what was there before is nobody's business. */
export function autopilotShift(parts: WorldParts, autopilot: Autopilot): AutopilotShift {
  const { store, clock, timeline, newIdentifier, changed, failed } = parts;
  const only = autopilot.MessageThreadIds && new Set(autopilot.MessageThreadIds.map((id) => id.toLowerCase()));
  const silence = autopilot.ResolveAfter ? fromMilliseconds(duration(autopilot.ResolveAfter)) : undefined;
  const positions = new Map<string, number>();
  const behind = new Set<string>();
  const threads = new Map<string, ServedThread>();
  const ownReplies = new Set<string>();
  const plans = new Set<() => void>();
  let hasEnded = false;
  let reading = begin();

  async function begin(): Promise<void> {
    try {
      const enterpriseIds = (await listEnterprises(store.db)).map(({ id }) => id);
      for (const [id, end] of await logNumbers(store.db, { clientId: null, enterpriseIds })) positions.set(id, end);
    } catch (error) {
      if (!hasEnded) failed(error);
    }
  }

  async function catchUp(): Promise<void> {
    for (const enterpriseId of behind) {
      behind.delete(enterpriseId);
      try {
        await follow(enterpriseId);
      } catch (error) {
        if (!hasEnded) failed(error);
      }
    }
  }

  async function follow(enterpriseId: string): Promise<void> {
    for (;;) {
      const rows = await entriesAfter(store.db, enterpriseId, positions.get(enterpriseId) ?? 0, page);
      for (const row of rows) {
        if (hasEnded) return;
        take(row);
        positions.set(enterpriseId, row.sequence);
      }
      if (rows.length < page) return;
    }
  }

  function take(row: LogRow): void {
    if (row.kind !== "MessageAdded" || row.document === null) return;
    if (only && !only.has(row.message_thread_id)) return;
    const { Id, Text, Sender } = JSON.parse(row.document) as Message;
    const isGuest = Sender.Discriminator === "Application";
    const thread = threads.get(row.message_thread_id) ?? (isGuest ? served(row) : undefined);
    if (!thread) return;
    if (isGuest) planReply(thread, row, Text);
    else {
      thread.answered = row.sequence;
      if (!ownReplies.delete(Id)) thread.answeredByPerson = row.sequence;
    }
    planResolving(thread, row.created);
  }

  function served({ message_thread_id: id, enterprise_id: enterpriseId }: LogRow): ServedThread {
    const counts = { messages: 0, linesSaid: 0, planned: 0, lastDue: 0, answered: 0, answeredByPerson: 0 };
    const conversation = newConversation();
    const thread = { id, enterpriseId, ordinal: threads.size, conversation, ...counts, callOff: () => undefined };
    threads.set(id, thread);
    return thread;
  }

  function plan(time: Microseconds, work: () => Promise<void>): () => void {
    const callOff = timeline.at(time, async () => {
      plans.delete(callOff);
      if (hasEnded) return;
      await work().catch((error: unknown) => {
        // What the end cut short did not go wrong.
        if (!hasEnded) throw error;
      });
    });
    plans.add(callOff);
    return () => {
      plans.delete(callOff);
      callOff();
    };
  }

  function planReply(thread: ServedThread, { created, sequence }: LogRow, text: string): void {
    const turn = { thread: thread.ordinal, message: thread.messages };
    thread.messages += 1;
    const delay = delayOf(autopilot, turnRandom(autopilot, turn));
    // A guest is answered in the order of the questions.
    thread.lastDue = Math.max(thread.lastDue, reached(created) + delay);
    thread.planned += 1;
    plan(thread.lastDue, async () => {
      thread.planned -= 1;
      // A clock that is set back makes nobody wait for what is over.
      if (thread.planned === 0) thread.lastDue = 0;
      await reply(thread, sequence, text, turn);
    });
  }

  /** A property's time runs a little ahead of a clock that stands still, and nothing is to wait for that. */
  function reached(time: Microseconds): Microseconds {
    return Math.min(time, clock());
  }

  async function reply(thread: ServedThread, asked: number, question: string, turn: Turn): Promise<void> {
    await idle();
    // A person who answered is not contradicted; and whoever has character answers several questions at once.
    const answered = autopilot.Mode === "Persona" ? thread.answered : thread.answeredByPerson;
    if (answered > asked || hasEnded) return;
    const attendant = await attendantAt(store.db, thread.enterpriseId, thread.id, thread.ordinal);
    if (!attendant) return;
    const { conversation, linesSaid } = thread;
    const text = wordingOf(autopilot, { turn, question, conversation, linesSaid, facts: attendant.facts });
    if (text === undefined) return;
    thread.linesSaid += 1;
    await write(thread, attendant, shortened(text));
    changed();
  }

  async function write(thread: ServedThread, { userId }: Attendant, text: string): Promise<void> {
    const { id: messageThreadId, enterpriseId } = thread;
    const scope = { clientId: null, enterpriseIds: [enterpriseId] } as const;
    const id = newIdentifier();
    ownReplies.add(id);
    if (userId === undefined) {
      const messages = [{ id, messageThreadId, text }];
      await store.write({ scope, command: { kind: "addMessages", sender: "Enterprise", messages } });
      return;
    }
    // Whatever the guest has written meanwhile, the reply is sent.
    const seen = Number.MAX_SAFE_INTEGER;
    await store.write({ scope, command: { kind: "reply", messageThreadId, id, userId, text, seen, resolves: false } });
  }

  function planResolving(thread: ServedThread, last: Microseconds): void {
    if (silence === undefined) return;
    thread.callOff();
    // While a reply is on its way, it is not the end.
    thread.callOff = plan(Math.max(reached(last), thread.lastDue) + silence, () => resolve(thread));
  }

  async function resolve({ id: messageThreadId, enterpriseId, ordinal }: ServedThread): Promise<void> {
    const attendant = await attendantAt(store.db, enterpriseId, messageThreadId, ordinal);
    const scope = { clientId: null, enterpriseIds: [enterpriseId] } as const;
    const by = attendant?.userId === undefined ? {} : { userId: attendant.userId };
    await store.write({ scope, command: { kind: "setResolved", messageThreadId, isResolved: true, ...by } });
    changed();
  }

  async function idle(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== reading; ) {
      seen = reading;
      await seen;
    }
  }

  return {
    heard: (changes) => {
      for (const { enterpriseId } of changes) behind.add(enterpriseId);
      reading = reading.then(catchUp);
    },
    idle,
    end: () => {
      hasEnded = true;
      for (const callOff of plans) callOff();
      plans.clear();
    },
  };
}

/** As long as a message may be: what a script or a guest says fits, a persona's words around it might not. */
function shortened(text: string): string {
  return text.length <= maxTextLength ? text : [...text].slice(0, maxTextLength).join("");
}
