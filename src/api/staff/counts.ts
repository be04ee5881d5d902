import { getAllCounts } from "../../protocol/staff/inbox.ts";
import { setPresence } from "../../protocol/staff/threads.ts";
import { countAnswer, unreadCount } from "../../staff/answers.ts";
import { inboxCounts } from "../../store/lists/inbox-counts.ts";
import { inboxRows } from "../../store/lists/inbox-threads.ts";
import { staffOperation } from "./staff-operation.ts";

export const getAll = staffOperation(getAllCounts, "read", async (_context, { caller, scope, db }) =>
  db.snapshot(async (reader) => {
    const [counts, unread] = await Promise.all([
      inboxCounts(reader, scope, caller.userId),
      unreadCount(reader, scope, caller),
    ]);
    return { body: { Counts: counts.map(countAnswer), Unread: unread } };
  }),
);

/** A thread that the caller may not see is taken for none, so that no colleague is told of it. */
export const setOwnPresence = staffOperation(
  setPresence,
  "read",
  async ({ presence }, { caller, scope, input, db }) => {
    const id = input.MessageThreadId?.toLowerCase();
    const [thread] = id ? await inboxRows(db, scope, [id]) : [];
    const looking = thread && {
      enterpriseId: thread.enterprise_id,
      messageThreadId: thread.id,
      isTyping: input.IsTyping ?? false,
    };
    presence.set(caller.userId, looking);
    return { body: {} };
  },
);
