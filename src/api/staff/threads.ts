import { nilIdentifier } from "../../core/identifiers.ts";
import { Problem } from "../../core/problem.ts";
import type { StaffCommand } from "../../messaging/commands.ts";
import { getAllThreads } from "../../protocol/staff/inbox.ts";
import {
  addNote,
  assignThread,
  getAllItems,
  getThread,
  readThread,
  reopenThread,
  replyToThread,
  resolveThread,
  setDraft as setDraftDescription,
} from "../../protocol/staff/threads.ts";
import { itemAnswer, threadAnswers } from "../../staff/answers.ts";
import { narrowed, type StaffCaller } from "../../staff/sign-in/caller.ts";
import type { Reader } from "../../store/db.ts";
import { type InboxThreadRow, inboxPage, inboxRows } from "../../store/lists/inbox-threads.ts";
import { itemPage } from "../../store/lists/thread-items.ts";
import { draftOf, setDraft, setReading } from "../../store/lists/thread-readings.ts";
import { logNumbers } from "../../store/log/property-log.ts";
import type { PropertyScope } from "../../store/scope.ts";
import { worksAt } from "../../store/staff/assignees.ts";
import type { CallDb } from "../../store/store.ts";
import type { Answer } from "../operation.ts";
import { staffOperation } from "./staff-operation.ts";

export const getAll = staffOperation(getAllThreads, "read", async (_context, { caller, scope, input, db }) => {
  const { View, EnterpriseIds, Limitation } = input;
  const listScope = narrowed(scope, EnterpriseIds);
  return db.snapshot(async (reader) => {
    const page = await inboxPage(reader, listScope, caller.userId, View, Limitation.Count, Limitation.Cursor);
    return { body: { Threads: await threadAnswers(reader, caller, page.rows), Cursor: page.cursor } };
  });
});

export const get = staffOperation(getThread, "read", async (_context, { caller, scope, input, db }) =>
  db.snapshot(async (reader) => {
    const thread = await threadIn(reader, scope, input.MessageThreadId);
    const [{ items, cursor }, draft, view] = await Promise.all([
      itemPage(reader, thread, input.Count),
      draftOf(reader, readerKey(thread, caller)),
      threadView(reader, caller, thread),
    ]);
    return { body: { ...view, Items: items.map(itemAnswer), Cursor: cursor, Draft: draft } };
  }),
);

export const getItems = staffOperation(getAllItems, "read", async (_context, { scope, input, db }) =>
  db.snapshot(async (reader) => {
    const thread = await threadIn(reader, scope, input.MessageThreadId);
    const { Count, Cursor } = input.Limitation;
    const { items, cursor } = await itemPage(reader, thread, Count, Cursor);
    return { body: { Items: items.map(itemAnswer), Cursor: cursor } };
  }),
);

export const reply = staffOperation(replyToThread, "reply", async (_context, { caller, scope, input, db }) => {
  const { Position, Text } = input;
  return writeAndAnswer(db, caller, scope, {
    kind: "reply",
    messageThreadId: input.MessageThreadId.toLowerCase(),
    id: input.Id.toLowerCase(),
    userId: caller.userId,
    text: Text,
    seen: Position,
    resolves: input.Resolve ?? false,
  });
});

export const note = staffOperation(addNote, "note", async (_context, { caller, scope, input, db }) =>
  writeAndAnswer(db, caller, scope, {
    kind: "addNote",
    messageThreadId: input.MessageThreadId.toLowerCase(),
    id: input.Id.toLowerCase(),
    userId: caller.userId,
    text: input.Text,
  }),
);

export const assign = staffOperation(assignThread, "assign", async (_context, { caller, scope, input, db }) => {
  const { enterprise_id, id } = await threadIn(db, scope, input.MessageThreadId);
  const assigneeId = input.UserId?.toLowerCase() ?? nilIdentifier;
  if (assigneeId !== nilIdentifier && !(await worksAt(db, assigneeId, enterprise_id))) {
    throw new Problem("invalid", "UserId is nobody who works at the thread's property.");
  }
  return writeAndAnswer(db, caller, scope, { kind: "assign", userId: caller.userId, messageThreadId: id, assigneeId });
});

export const resolve = staffOperation(resolveThread, "resolve", async (_context, { caller, scope, input, db }) =>
  writeAndAnswer(db, caller, scope, resolving(caller, input.MessageThreadId, true)),
);

export const reopen = staffOperation(reopenThread, "resolve", async (_context, { caller, scope, input, db }) =>
  writeAndAnswer(db, caller, scope, resolving(caller, input.MessageThreadId, false)),
);

export const read = staffOperation(readThread, "read", async (_context, { caller, scope, input, db }) => {
  const thread = await threadIn(db, scope, input.MessageThreadId);
  const { enterprise_id } = thread;
  const ends = await logNumbers(db, { clientId: null, enterpriseIds: [enterprise_id] });
  // A position that the log has not reached yet would mark future messages as read.
  const position = Math.min(input.Position, ends.get(enterprise_id) ?? 0);
  await db.transaction((transaction) => setReading(transaction, readerKey(thread, caller), position));
  const [answer] = await threadAnswers(db, caller, [thread]);
  return { body: { Thread: answer } };
});

export const setOwnDraft = staffOperation(
  setDraftDescription,
  "read",
  async ({ clock }, { caller, scope, input, db }) => {
    const thread = await threadIn(db, scope, input.MessageThreadId);
    await db.transaction((transaction) => setDraft(transaction, readerKey(thread, caller), input.Text, clock()));
    return { body: {} };
  },
);

/** What readings and drafts are found by. */
function readerKey(thread: InboxThreadRow, { userId }: StaffCaller) {
  return { enterpriseId: thread.enterprise_id, threadId: thread.id, userId };
}

function resolving({ userId }: StaffCaller, id: string, isResolved: boolean): StaffCommand {
  return { kind: "setResolved", userId, messageThreadId: id.toLowerCase(), isResolved };
}

/** How many of the newest items come with the answer to a change: what was added, and what came meanwhile. */
const newestItems = 10;

/** Answers with what was committed, and not with what was asked, so that a repetition is answered like the first. */
async function writeAndAnswer(
  db: CallDb,
  caller: StaffCaller,
  scope: PropertyScope,
  command: StaffCommand,
): Promise<Answer> {
  await db.write({ scope, command });
  return db.snapshot(async (reader) => {
    const thread = await threadIn(reader, scope, command.messageThreadId);
    const [{ items }, view] = await Promise.all([
      itemPage(reader, thread, newestItems),
      threadView(reader, caller, thread),
    ]);
    return { body: { ...view, Items: items.map(itemAnswer) } };
  });
}

/** @throws Problem (invalid) for a thread that is not in scope */
async function threadIn(reader: Reader, scope: PropertyScope, id: string): Promise<InboxThreadRow> {
  const [thread] = await inboxRows(reader, scope, [id.toLowerCase()]);
  if (!thread) throw new Problem("invalid", "MessageThreadId is not the id of a thread where you work.");
  return thread;
}

async function threadView(reader: Reader, caller: StaffCaller, thread: InboxThreadRow) {
  const { enterprise_id } = thread;
  const [[answer], numbers] = await Promise.all([
    threadAnswers(reader, caller, [thread]),
    logNumbers(reader, { clientId: null, enterpriseIds: [enterprise_id] }),
  ]);
  return { Thread: answer, Position: numbers.get(enterprise_id) ?? 0 };
}
