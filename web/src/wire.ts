import type Type from "typebox";
import type * as account from "../../src/protocol/staff/account.ts";
import type * as links from "../../src/protocol/staff/links.ts";
import type * as replies from "../../src/protocol/staff/saved-replies.ts";
import type * as search from "../../src/protocol/staff/search.ts";
import type * as threads from "../../src/protocol/staff/threads.ts";

/** Every operation that the page calls, by its address. */
interface Operations {
  "session/start": typeof account.startSession;
  "session/get": typeof account.getSession;
  "session/end": typeof account.endSession;
  "sessions/getAll": typeof account.getAllSessions;
  "sessions/revoke": typeof account.revokeSession;
  "password/change": typeof account.changePassword;
  "preferences/set": typeof account.setPreferences;
  "links/get": typeof links.getLink;
  "links/use": typeof links.useLink;
  "links/getAll": typeof links.getAllLinks;
  "links/revoke": typeof links.revokeLink;
  "users/getAll": typeof account.getAllUsers;
  "users/invite": typeof account.inviteUser;
  "users/reset": typeof account.resetUser;
  "users/update": typeof account.updateUser;
  "memberships/set": typeof account.setMembership;
  "properties/update": typeof account.updateProperty;
  "threads/getAll": typeof threads.getAllThreads;
  "threads/get": typeof threads.getThread;
  "items/getAll": typeof threads.getAllItems;
  "threads/reply": typeof threads.replyToThread;
  "threads/note": typeof threads.addNote;
  "threads/assign": typeof threads.assignThread;
  "threads/resolve": typeof threads.resolveThread;
  "threads/reopen": typeof threads.reopenThread;
  "threads/read": typeof threads.readThread;
  "threads/search": typeof search.searchThreads;
  "drafts/set": typeof threads.setDraft;
  "counts/getAll": typeof threads.getAllCounts;
  "presence/set": typeof threads.setPresence;
  "savedReplies/getAll": typeof replies.getAllSavedReplies;
  "savedReplies/set": typeof replies.setSavedReply;
  "savedReplies/delete": typeof replies.deleteSavedReply;
}

export type OperationName = keyof Operations;
export type InputOf<Name extends OperationName> = Type.Static<Operations[Name]["input"]>;
export type OutputOf<Name extends OperationName> = Type.Static<Operations[Name]["output"]>;
