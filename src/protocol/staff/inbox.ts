import Type from "typebox";
import type { SenderDiscriminator } from "../connector/messages.ts";
import { describeOperation } from "../operation.ts";
import { dateTime, nullableText, nullableTime, nullableUuid, optional, text, uuid, uuids } from "../values.ts";

/** The lists of the inbox. */
export const View = Type.Enum(["Awaiting", "Open", "Mine", "Unassigned", "Resolved", "All"]);
export type View = Type.Static<typeof View>;

/** How many threads, items or results one page has at most. */
export const maxPageItems = 200;

/** One page of a list of the inbox. */
export const PageLimit = Type.Object(
  {
    Count: Type.Integer({ minimum: 1, maximum: maxPageItems, description: "How many items to answer at most." }),
    Cursor: optional(text(200, { description: "Where the page before ended, as it was answered." })),
  },
  { description: "One page." },
);
export type PageLimit = Type.Static<typeof PageLimit>;

/** Who wrote a message, where there is one. */
export const nullableSender = (description: string) =>
  Type.Unsafe<SenderDiscriminator | null>({ enum: ["Application", "Enterprise", null], description });

export const InboxThread = Type.Object(
  {
    Id: uuid("Unique identifier of the thread."),
    EnterpriseId: uuid("The property that it belongs to."),
    OriginalSender: Type.String({ description: "Who wrote first." }),
    Subject: Type.String({ description: "Subject of the thread." }),
    LastWords: nullableText("The beginning of the last message, on one line."),
    LastSender: nullableSender("Who wrote the last message: the guest's application, or the property."),
    LastUserId: nullableUuid("The colleague who wrote it."),
    CreatedUtc: dateTime("When the thread was opened."),
    UpdatedUtc: dateTime("When it was last written to, resolved or reopened."),
    WaitingSinceUtc: nullableTime("Since when the guest waits for a reply."),
    IsResolved: Type.Boolean({ description: "Whether the thread is resolved." }),
    AssigneeId: nullableUuid("Whom it is assigned to."),
    IsUnread: Type.Boolean({ description: "Whether the guest wrote something that the caller has not seen." }),
  },
  { $id: "InboxThread" },
);
export type InboxThread = Type.Static<typeof InboxThread>;

/** How many threads each list has at one property. */
export const InboxCount = Type.Object(
  {
    EnterpriseId: uuid("The property."),
    Awaiting: Type.Integer(),
    Open: Type.Integer(),
    Mine: Type.Integer(),
    Unassigned: Type.Integer(),
    Resolved: Type.Integer(),
    All: Type.Integer(),
  },
  { $id: "InboxCount" },
);
export type InboxCount = Type.Static<typeof InboxCount>;

const EnterpriseIds = optional(uuids("Only these properties. Default: all that the caller may see."));
export const cursor = nullableText("Where this page ends; null when there is nothing behind it.");

export const exampleThread: InboxThread = {
  Id: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
  EnterpriseId: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  OriginalSender: "John Doe",
  Subject: "Example subject",
  LastWords: "I will arrive late tonight",
  LastSender: "Application",
  LastUserId: null,
  CreatedUtc: "2022-03-08T12:06:50Z",
  UpdatedUtc: "2022-03-09T13:19:46Z",
  WaitingSinceUtc: "2022-03-09T13:19:46Z",
  IsResolved: false,
  AssigneeId: null,
  IsUnread: true,
};

export const getAllThreads = describeOperation({
  resource: "threads",
  action: "getAll",
  summary: "List threads",
  description: "A list of the inbox: Awaiting begins with who has waited longest, the others with the newest.",
  input: Type.Object({ View, EnterpriseIds, Limitation: PageLimit }),
  output: Type.Object({ Threads: Type.Array(InboxThread), Cursor: cursor }),
  example: {
    request: { View: "Awaiting", Limitation: { Count: 50 } },
    answer: { Threads: [exampleThread], Cursor: null },
  },
});

export const getAllCounts = describeOperation({
  resource: "counts",
  action: "getAll",
  summary: "Count threads",
  description: "How many threads each list has at each property, and how many wait that the caller has not read.",
  input: Type.Object({}),
  output: Type.Object({
    Counts: Type.Array(InboxCount),
    Unread: Type.Integer({ description: "Waiting threads that the caller has not read, at most 100." }),
  }),
  example: {
    request: {},
    answer: {
      Counts: [
        {
          EnterpriseId: exampleThread.EnterpriseId,
          Awaiting: 3,
          Open: 8,
          Mine: 2,
          Unassigned: 5,
          Resolved: 90,
          All: 98,
        },
      ],
      Unread: 2,
    },
  },
});
