import { type Ask, cursorPages, type List, listOf, type PagedList, positionPages } from "./pages.ts";
import type * as wire from "./types.ts";

const threads: PagedList<wire.GetAllMessageThreadsAnswer, wire.MessageThread> = {
  itemsOf: ({ MessageThreads = [] }) => MessageThreads,
  withItems: (answer, MessageThreads) => ({ ...answer, MessageThreads }),
  intervals: [
    { property: "CreatedUtc", months: 3 },
    { property: "UpdatedUtc", months: 3, isMoving: true },
  ],
};

const messages: PagedList<wire.GetAllMessagesAnswer, wire.Message> = {
  itemsOf: ({ Messages = [] }) => Messages,
  withItems: (answer, Messages) => ({ ...answer, Messages }),
  intervals: [{ property: "CreatedUtc", months: 1 }],
};

const enterprises: PagedList<wire.GetAllEnterprisesAnswer, wire.LinkedEnterprise> = {
  itemsOf: ({ Enterprises = [] }) => Enterprises,
  withItems: (answer, Enterprises) => ({ ...answer, Enterprises }),
  intervals: [
    { property: "LinkedUtc", months: 3 },
    { property: "UpdatedUtc", months: 3, isMoving: true },
  ],
};

/** `messageThreads/getAll`. */
export function threadList(
  request: wire.GetAllMessageThreadsRequest,
  ask: Ask<wire.GetAllMessageThreadsRequest, wire.GetAllMessageThreadsAnswer>,
): List<wire.GetAllMessageThreadsAnswer, wire.MessageThread> {
  return listOf(
    () => ask(request),
    () => cursorPages(threads, request, ask),
    threads.itemsOf,
  );
}

/** `messages/getAll`. */
export function messageList(
  request: wire.GetAllMessagesRequest,
  ask: Ask<wire.GetAllMessagesRequest, wire.GetAllMessagesAnswer>,
): List<wire.GetAllMessagesAnswer, wire.Message> {
  return listOf(
    () => ask(request),
    () => cursorPages(messages, request, ask),
    messages.itemsOf,
  );
}

/** `enterprises/getAll`. */
export function enterpriseList(
  request: wire.GetAllEnterprisesRequest,
  ask: Ask<wire.GetAllEnterprisesRequest, wire.GetAllEnterprisesAnswer>,
): List<wire.GetAllEnterprisesAnswer, wire.LinkedEnterprise> {
  return listOf(
    () => ask(request),
    () => cursorPages(enterprises, request, ask),
    enterprises.itemsOf,
  );
}

/** `events/getAll`. */
export function eventList(
  request: wire.GetAllEventsRequest,
  ask: Ask<wire.GetAllEventsRequest, wire.GetAllEventsAnswer>,
): List<wire.GetAllEventsAnswer, wire.ConnectorEvent> {
  return listOf(
    () => ask(request),
    () => positionPages(request, ask),
    ({ Events }) => Events,
  );
}
