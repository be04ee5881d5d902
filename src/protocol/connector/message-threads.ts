import Type from "typebox";
import { cursorDescription, describeOperation } from "../operation.ts";
import { dateTime, Limitation, optional, requestOf, text, timeInterval, uuid, uuids } from "../values.ts";

/** Longest `CreatedUtc` and `UpdatedUtc`, in calendar months (contract, section 5). */
export const threadIntervalMonths = 3;

export const MessageThread = Type.Object(
  {
    Id: uuid("Unique identifier of the message thread."),
    OriginalSender: Type.String({ description: "The sender of the original message in the thread." }),
    Subject: Type.String({ description: "Subject of the message thread." }),
    CreatedUtc: dateTime("When the thread was created."),
    UpdatedUtc: dateTime("When the thread was last updated: opened, written to, resolved or reopened."),
    IsResolved: Type.Boolean({ description: "Whether the property has resolved the thread." }),
  },
  { $id: "MessageThread" },
);
export type MessageThread = Type.Static<typeof MessageThread>;

export const getAllMessageThreads = describeOperation({
  resource: "messageThreads",
  action: "getAll",
  hasMinimalAnswer: true,
  summary: "Get all message threads",
  description:
    "The message threads that this client created, newest first. At least one of MessageThreadIds, CreatedUtc and " +
    "UpdatedUtc must be given; all given filters hold together.",
  input: requestOf({
    EnterpriseIds: optional(uuids("Only threads of these enterprises. Default: all that the access token covers.")),
    MessageThreadIds: optional(uuids("Only these threads. Unknown ones are left out.")),
    CreatedUtc: optional(timeInterval("Only threads created in this interval of at most 3 months.")),
    UpdatedUtc: optional(timeInterval("Only threads last updated in this interval of at most 3 months.")),
    Limitation: optional(Limitation),
  }),
  output: Type.Object({
    MessageThreads: Type.Array(MessageThread),
    Cursor: optional(uuid(cursorDescription)),
  }),
  example: {
    request: {
      CreatedUtc: { StartUtc: "2022-03-03T00:00:00Z", EndUtc: "2022-03-14T00:00:00Z" },
      Limitation: { Cursor: "e7f26210-10e7-462e-9da8-ae8300be8ab7", Count: 10 },
    },
    answer: {
      MessageThreads: [
        {
          Id: "7f9325f6-ef44-4911-89a8-ae51010a5aa4",
          OriginalSender: "John Doe",
          Subject: "Example subject",
          CreatedUtc: "2022-03-07T16:09:45Z",
          UpdatedUtc: "2022-03-07T16:09:45Z",
          IsResolved: false,
        },
      ],
      Cursor: "7f9325f6-ef44-4911-89a8-ae51010a5aa4",
    },
  },
});

export const addMessageThread = describeOperation({
  resource: "messageThreads",
  action: "add",
  summary: "Add message thread",
  description: "Opens a thread on behalf of the guest who sent its first message.",
  isIdempotent: true,
  extensions: ["EnterpriseId"],
  input: requestOf({
    OriginalSender: text(512, { description: "The sender of the original message in the thread." }),
    Subject: text(1024, { description: "Subject of the message thread." }),
    EnterpriseId: optional(
      uuid(
        "The enterprise that the thread belongs to. Default: the primary one of the access token. (+) An extension.",
      ),
    ),
  }),
  output: Type.Object({ MessageThreads: Type.Array(MessageThread) }),
  example: {
    request: { OriginalSender: "John Doe", Subject: "Example subject" },
    answer: {
      MessageThreads: [
        {
          Id: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
          OriginalSender: "John Doe",
          Subject: "Example subject",
          CreatedUtc: "2022-03-08T12:06:50Z",
          UpdatedUtc: "2022-03-08T12:06:50Z",
          IsResolved: false,
        },
      ],
    },
  },
});
