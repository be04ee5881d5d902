import { accountOperations } from "./account.ts";
import { clientOperations } from "./clients.ts";
import * as counts from "./counts.ts";
import { integrationOperations } from "./integrations.ts";
import { linkOperations } from "./links.ts";
import { propertyOperations } from "./properties.ts";
import { savedReplyOperations } from "./saved-replies.ts";
import { searchAll } from "./search.ts";
import type { StaffOperation } from "./staff-operation.ts";
import * as threads from "./threads.ts";
import { userOperations } from "./users.ts";
import { webhookOperations } from "./webhooks.ts";

/** Every operation of the staff API. Adding one is adding a row. */
export const staffOperations: readonly StaffOperation[] = [
  threads.getAll,
  threads.get,
  threads.getItems,
  searchAll,
  threads.reply,
  threads.note,
  threads.assign,
  threads.resolve,
  threads.reopen,
  threads.read,
  threads.setOwnDraft,
  counts.getAll,
  counts.setOwnPresence,
  ...savedReplyOperations,
  ...accountOperations,
  ...linkOperations,
  ...userOperations,
  ...propertyOperations,
  ...clientOperations,
  ...integrationOperations,
  ...webhookOperations,
];
