import type { ConnectorOperation } from "./connector-operation.ts";
import * as enterprises from "./enterprises.ts";
import * as events from "./events.ts";
import * as messageThreads from "./message-threads.ts";
import * as messages from "./messages.ts";

/** Every operation of the Connector API (contract, section 5). Adding one is adding a row. */
export const connectorOperations: readonly ConnectorOperation[] = [
  messageThreads.getAll,
  messageThreads.add,
  messages.getAll,
  messages.add,
  enterprises.configuration,
  enterprises.getAll,
  events.getAll,
];
