import Type from "typebox";
import { uuid } from "../values.ts";
import { InboxCount, InboxThread } from "./inbox.ts";
import { ThreadItem } from "./threads.ts";

/**
 * What `GET /api/staff/v1/live` sends, as server-sent events. `hello` comes first; `changes` whenever something was
 * committed, with the position as the id of the event, so that a browser that connects again goes on there.
 */
export const LiveHello = Type.Object(
  { Position: Type.String({ description: "Where the stream begins. Opaque; send it as `after`." }) },
  { $id: "LiveHello" },
);
export type LiveHello = Type.Static<typeof LiveHello>;

export const LiveItem = Type.Object(
  {
    EnterpriseId: uuid("The property."),
    Position: Type.Integer({ description: "The number of the entry in the property's log." }),
    Item: ThreadItem,
  },
  { $id: "LiveItem" },
);
export type LiveItem = Type.Static<typeof LiveItem>;

/** Entries in the order of each property's log; the threads as they are now, and the counts where they changed. */
export const LiveChanges = Type.Object(
  {
    Position: Type.String(),
    Items: Type.Array(LiveItem),
    Threads: Type.Array(InboxThread),
    Counts: Type.Array(InboxCount),
    Unread: Type.Integer(),
  },
  { $id: "LiveChanges" },
);
export type LiveChanges = Type.Static<typeof LiveChanges>;

/** Which colleague has which thread open. Each event has all of them. */
export const LivePresence = Type.Object(
  {
    People: Type.Array(
      Type.Object({ UserId: uuid("Who."), MessageThreadId: uuid("Looks at what."), IsTyping: Type.Boolean() }),
    ),
  },
  { $id: "LivePresence" },
);
export type LivePresence = Type.Static<typeof LivePresence>;
