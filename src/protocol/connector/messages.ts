import Type from "typebox";
import { cursorDescription, describeOperation } from "../operation.ts";
import {
  anyString,
  dateTime,
  Limitation,
  maxItems,
  nullableText,
  optional,
  requestOf,
  text,
  timeInterval,
  uuid,
  uuids,
} from "../values.ts";

/** Longest `CreatedUtc`, in calendar months (contract, section 5). */
export const messageIntervalMonths = 1;

/** Longest text of a message, in Unicode code points. */
export const maxTextLength = 65_536;

/** Who wrote a message: the partner's application, or the property's staff. */
export const SenderDiscriminator = Type.Enum(["Application", "Enterprise"]);
export type SenderDiscriminator = Type.Static<typeof SenderDiscriminator>;

export const Message = Type.Object(
  {
    Id: uuid("Unique identifier of the message."),
    MessageThreadId: uuid("Unique identifier of the message thread that the message belongs to."),
    Text: Type.String({ description: "Text of the message, exactly as it was sent." }),
    Sender: Type.Object({
      Discriminator: SenderDiscriminator,
      Value: Type.Null({ description: "Always null." }),
    }),
    CreatedUtc: dateTime("When the message was created."),
  },
  { $id: "Message" },
);
export type Message = Type.Static<typeof Message>;

export const getAllMessages = describeOperation({
  resource: "messages",
  action: "getAll",
  hasMinimalAnswer: true,
  extensions: ["MessageIds"],
  summary: "Get all messages",
  description:
    "The messages of threads that this client created, newest first. At least one of MessageThreadIds and MessageIds " +
    "must be given; all given filters hold together.",
  input: requestOf({
    EnterpriseIds: optional(uuids("Only messages of these enterprises. Default: all that the access token covers.")),
    MessageThreadIds: optional(uuids("The threads to answer messages of. Unknown ones are left out.")),
    MessageIds: optional(uuids("Only these messages. Unknown ones are left out. (+) An extension.")),
    CreatedUtc: optional(timeInterval("Only messages created in this interval of at most 1 month.")),
    Limitation: optional(Limitation),
  }),
  output: Type.Object({ Messages: Type.Array(Message), Cursor: optional(uuid(cursorDescription)) }),
  example: {
    request: {
      MessageThreadIds: ["8d02142f-31cf-4115-90bf-ae5200c7a1ba"],
      CreatedUtc: { StartUtc: "2022-03-03T00:00:00Z", EndUtc: "2022-03-14T00:00:00Z" },
      Limitation: { Count: 10 },
    },
    answer: {
      Messages: [
        {
          Id: "4bfe4675-98a9-4428-9ea9-ae5300dbaa93",
          MessageThreadId: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
          Text: "Text of the message",
          Sender: { Discriminator: "Application", Value: null },
          CreatedUtc: "2022-03-09T13:19:46Z",
        },
      ],
      Cursor: "4bfe4675-98a9-4428-9ea9-ae5300dbaa93",
    },
  },
});

export const addMessages = describeOperation({
  resource: "messages",
  action: "add",
  summary: "Add messages",
  description: "Adds messages to threads that this client created: all of them, or none when one can't be added.",
  isIdempotent: true,
  input: requestOf({
    Messages: Type.Array(
      Type.Object({
        MessageThreadId: uuid("The thread that the message is added to."),
        Text: text(maxTextLength, { description: "Text of the message." }),
        Identifier: optional(
          anyString({ maxLength: 255, description: "The caller's own mark, answered with the message and not kept." }),
        ),
      }),
      { minItems: 1, maxItems, description: "The messages to add, in this order." },
    ),
  }),
  output: Type.Object({
    Messages: Type.Array(
      Type.Object({
        Identifier: nullableText("The identifier that came with the message, or null."),
        Message,
      }),
    ),
  }),
  example: {
    request: {
      Messages: [
        {
          MessageThreadId: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
          Text: "Text of the message",
          Identifier: "Message 1",
        },
      ],
    },
    answer: {
      Messages: [
        {
          Identifier: "Message 1",
          Message: {
            Id: "4bfe4675-98a9-4428-9ea9-ae5300dbaa93",
            MessageThreadId: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
            Text: "Text of the message",
            Sender: { Discriminator: "Application", Value: null },
            CreatedUtc: "2022-03-09T13:19:46Z",
          },
        },
      ],
    },
  },
});
