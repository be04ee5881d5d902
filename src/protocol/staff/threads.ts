import Type from "typebox";
import { maxTextLength } from "../connector/messages.ts";
import { describeOperation } from "../operation.ts";
import { anyString, dateTime, nullableText, nullableUuid, optional, text, uuid } from "../values.ts";
import { cursor, exampleThread, InboxThread, maxPageItems, nullableSender, PageLimit } from "./inbox.ts";

/** A place in a property's log: the number of an entry, gapless. */
export const Position = Type.Integer({
  minimum: 0,
  description: "The last entry of the property's log that is in this.",
});

const seenPosition = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

/** What an item of a thread is, by the names of the property's log. */
export const ItemKind = Type.Enum([
  "ThreadAdded",
  "MessageAdded",
  "NoteAdded",
  "ThreadAssigned",
  "ThreadResolved",
  "ThreadReopened",
]);
export type ItemKind = Type.Static<typeof ItemKind>;

export const ThreadItem = Type.Object(
  {
    Id: uuid("Unique within the thread: that of the message or note, where it is one."),
    MessageThreadId: uuid("The thread."),
    Kind: ItemKind,
    Sender: nullableSender("Who wrote a message."),
    UserId: nullableUuid("The colleague who did it, where one did."),
    AssigneeId: nullableUuid("Whom the thread was assigned to; null when it was taken from somebody."),
    Text: nullableText("Text of a message or note, exactly as it was sent."),
    CreatedUtc: dateTime("When it happened."),
  },
  { $id: "ThreadItem" },
);
export type ThreadItem = Type.Static<typeof ThreadItem>;

const ThreadOnly = Type.Object({ MessageThreadId: uuid("The thread.") });
const writeId = uuid("A new identifier of the caller's own: sent again, it adds nothing and answers the same.");

export const WrittenThread = Type.Object(
  { Thread: InboxThread, Items: Type.Array(ThreadItem), Position },
  { $id: "WrittenThread" },
);
export type WrittenThread = Type.Static<typeof WrittenThread>;

const { Id: id } = exampleThread;
const user = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b11";
const exampleItem: ThreadItem = {
  Id: "4bfe4675-98a9-4428-9ea9-ae5300dbaa93",
  MessageThreadId: id,
  Kind: "MessageAdded",
  Sender: "Application",
  UserId: null,
  AssigneeId: null,
  Text: "I will arrive late tonight",
  CreatedUtc: "2022-03-09T13:19:46Z",
};
const exampleWritten: WrittenThread = { Thread: exampleThread, Items: [exampleItem], Position: 7 };

export const getThread = describeOperation({
  resource: "threads",
  action: "get",
  summary: "Open a thread",
  description: "A thread with its newest items, oldest first, and the caller's draft.",
  input: Type.Object({ ...ThreadOnly.properties, Count: Type.Integer({ minimum: 1, maximum: maxPageItems }) }),
  output: Type.Object({
    Thread: InboxThread,
    Items: Type.Array(ThreadItem),
    Cursor: cursor,
    Position,
    Draft: nullableText("What the caller has begun to write."),
  }),
  example: {
    request: { MessageThreadId: id, Count: 50 },
    answer: { Thread: exampleThread, Items: [exampleItem], Cursor: null, Position: 7, Draft: null },
  },
});

export const getAllItems = describeOperation({
  resource: "items",
  action: "getAll",
  summary: "Read older items of a thread",
  description: "The items before a cursor, oldest first.",
  input: Type.Object({ ...ThreadOnly.properties, Limitation: PageLimit }),
  output: Type.Object({ Items: Type.Array(ThreadItem), Cursor: cursor }),
  example: {
    request: { MessageThreadId: id, Limitation: { Count: 50, Cursor: "1646831986000000" } },
    answer: { Items: [exampleItem], Cursor: null },
  },
});

export const replyToThread = describeOperation({
  resource: "threads",
  action: "reply",
  summary: "Answer a guest",
  description:
    "Adds the property's message. Answered 409, and nothing is sent, when the thread has a message after Position that " +
    "the writer has not seen.",
  input: Type.Object({
    ...ThreadOnly.properties,
    Id: writeId,
    Text: text(maxTextLength, { description: "The reply." }),
    Position: Type.Integer({
      minimum: 0,
      description: "The last entry of the property's log that the writer has seen.",
    }),
    Resolve: optional(Type.Boolean({ description: "Resolves the thread with it." })),
  }),
  output: WrittenThread,
  example: {
    request: { MessageThreadId: id, Id: exampleItem.Id, Text: "See you tonight!", Position: 7 },
    answer: exampleWritten,
  },
});

export const addNote = describeOperation({
  resource: "threads",
  action: "note",
  summary: "Leave a note",
  description: "Adds a note for colleagues. The guest and the Connector API never see it.",
  input: Type.Object({
    ...ThreadOnly.properties,
    Id: writeId,
    Text: text(maxTextLength, { description: "The note." }),
  }),
  output: WrittenThread,
  example: {
    request: { MessageThreadId: id, Id: exampleItem.Id, Text: "Key is in the safe." },
    answer: exampleWritten,
  },
});

export const assignThread = describeOperation({
  resource: "threads",
  action: "assign",
  summary: "Assign a thread",
  description: "To a person who works at its property, or with null to nobody.",
  input: Type.Object({ ...ThreadOnly.properties, UserId: nullableUuid("Who is to take care of it.") }),
  output: WrittenThread,
  example: { request: { MessageThreadId: id, UserId: user }, answer: exampleWritten },
});

export const resolveThread = describeOperation({
  resource: "threads",
  action: "resolve",
  summary: "Resolve a thread",
  description: "Nothing changes when it is resolved already.",
  input: ThreadOnly,
  output: WrittenThread,
  example: { request: { MessageThreadId: id }, answer: exampleWritten },
});

export const reopenThread = describeOperation({
  resource: "threads",
  action: "reopen",
  summary: "Reopen a thread",
  description: "Nothing changes when it is open already.",
  input: ThreadOnly,
  output: WrittenThread,
  example: { request: { MessageThreadId: id }, answer: exampleWritten },
});

export const readThread = describeOperation({
  resource: "threads",
  action: "read",
  summary: "Mark a thread as read",
  description: "For the caller alone. Position 0 marks it as unread.",
  input: Type.Object({
    ...ThreadOnly.properties,
    Position: seenPosition("The last entry of the property's log that was seen."),
  }),
  output: Type.Object({ Thread: InboxThread }),
  example: { request: { MessageThreadId: id, Position: 7 }, answer: { Thread: exampleThread } },
});

export const setDraft = describeOperation({
  resource: "drafts",
  action: "set",
  summary: "Keep a draft",
  description: "What the caller has begun to write in a thread; an empty text forgets it.",
  input: Type.Object({ ...ThreadOnly.properties, Text: anyString({ maxLength: maxTextLength }) }),
  output: Type.Object({}),
  example: { request: { MessageThreadId: id, Text: "See you to" }, answer: {} },
});

export const setPresence = describeOperation({
  resource: "presence",
  action: "set",
  summary: "Say what one looks at",
  description: "Which thread the caller has open, and whether they write in it. Forgotten after 30 seconds.",
  input: Type.Object({
    MessageThreadId: nullableUuid("The open thread."),
    IsTyping: optional(Type.Boolean()),
  }),
  output: Type.Object({}),
  example: { request: { MessageThreadId: id, IsTyping: true }, answer: {} },
});
