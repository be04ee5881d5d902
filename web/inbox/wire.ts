import type Type from "typebox";
import type * as account from "../../src/protocol/staff/account.ts";
import type * as inbox from "../../src/protocol/staff/inbox.ts";
import type * as links from "../../src/protocol/staff/links.ts";
import type * as people from "../../src/protocol/staff/people.ts";
import type * as properties from "../../src/protocol/staff/properties.ts";
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
  "users/getAll": typeof people.getAllUsers;
  "users/invite": typeof people.inviteUser;
  "users/reset": typeof people.resetUser;
  "users/update": typeof people.updateUser;
  "memberships/set": typeof people.setMembership;
  "properties/update": typeof properties.updateProperty;
  "threads/getAll": typeof inbox.getAllThreads;
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
  "counts/getAll": typeof inbox.getAllCounts;
  "presence/set": typeof threads.setPresence;
  "savedReplies/getAll": typeof replies.getAllSavedReplies;
  "savedReplies/set": typeof replies.setSavedReply;
  "savedReplies/delete": typeof replies.deleteSavedReply;
}

export type OperationName = keyof Operations;
export type InputOf<Name extends OperationName> = Type.Static<Operations[Name]["input"]>;
export type OutputOf<Name extends OperationName> = Type.Static<Operations[Name]["output"]>;
