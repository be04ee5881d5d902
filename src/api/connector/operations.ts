import * as enterprises from "./enterprises.ts";
import * as events from "./events.ts";
import * as messageThreads from "./message-threads.ts";
import * as messages from "./messages.ts";
import type { Operation } from "./operation.ts";

/** Every operation of the Connector API (contract, section 5). Adding one is adding a row. */
export const operations: readonly Operation[] = [
  messageThreads.getAll,
  messageThreads.add,
  messages.getAll,
  messages.add,
  enterprises.configuration,
  enterprises.getAll,
  events.getAll,
];
