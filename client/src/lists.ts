import {
  type Ask,
  cursorPages,
  type List,
  listOf,
  type PagedAnswer,
  type PagedList,
  type PagedRequest,
  positionPages,
} from "./pages.ts";
import type * as wire from "./types.ts";

/** `messageThreads/getAll`. */
export const threadList = cursorList<
  wire.GetAllMessageThreadsRequest,
  wire.GetAllMessageThreadsAnswer,
  wire.MessageThread
>({
  itemsOf: ({ MessageThreads = [] }) => MessageThreads,
  withItems: (answer, MessageThreads) => ({ ...answer, MessageThreads }),
  intervals: [
    { property: "CreatedUtc", months: 3 },
    { property: "UpdatedUtc", months: 3, isMoving: true },
  ],
});

/** `messages/getAll`. */
export const messageList = cursorList<wire.GetAllMessagesRequest, wire.GetAllMessagesAnswer, wire.Message>({
  itemsOf: ({ Messages = [] }) => Messages,
  withItems: (answer, Messages) => ({ ...answer, Messages }),
  intervals: [{ property: "CreatedUtc", months: 1 }],
});

/** `enterprises/getAll`. */
export const enterpriseList = cursorList<
  wire.GetAllEnterprisesRequest,
  wire.GetAllEnterprisesAnswer,
  wire.LinkedEnterprise
>({
  itemsOf: ({ Enterprises = [] }) => Enterprises,
  withItems: (answer, Enterprises) => ({ ...answer, Enterprises }),
  intervals: [
    { property: "LinkedUtc", months: 3 },
    { property: "UpdatedUtc", months: 3, isMoving: true },
  ],
});

function cursorList<Request extends PagedRequest, Answer extends PagedAnswer, Item extends { readonly Id: string }>(
  paged: PagedList<Answer, Item>,
) {
  return (request: Request, ask: Ask<Request, Answer>): List<Answer, Item> =>
    listOf(
      () => ask(request),
      () => cursorPages(paged, request, ask),
      paged.itemsOf,
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
