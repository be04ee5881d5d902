import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { anyString, dateTime, maxItems, optional, requestOf, uuid } from "../values.ts";
import { eventDiscriminators } from "./event-names.ts";

export const Discriminator = Type.Enum([...eventDiscriminators]);

export const Event = Type.Object(
  {
    Discriminator,
    Value: Type.Object({
      Id: uuid("The message that was added, or the thread that was resolved or reopened."),
      MessageThreadId: uuid("The thread."),
    }),
    EnterpriseId: uuid("The enterprise that the thread belongs to."),
    CreatedUtc: dateTime("When it happened."),
  },
  { $id: "Event" },
);
export type Event = Type.Static<typeof Event>;

const positionDescription = "Opaque, and good for ever, also for the WebSocket's ?after=.";

export const getAllEvents = describeOperation({
  resource: "events",
  action: "getAll",
  hasMinimalAnswer: true,
  summary: "Get all events (+)",
  isExtension: true,
  description:
    "What happened in threads that this client created, oldest first: messages added by whomever, and threads resolved " +
    "or reopened. Start without After, and go on with the Position of each answer until Events is empty; later, go on " +
    "from there. An extension.",
  input: requestOf({
    After: optional(
      anyString({
        maxLength: 1_000_000,
        description: `Only what came after this Position, or from now on: now. ${positionDescription}`,
      }),
    ),
    Limitation: optional(
      Type.Object(
        { Count: Type.Integer({ minimum: 1, maximum: maxItems, description: "How many events to answer at most." }) },
        { description: `Default: ${maxItems}.` },
      ),
    ),
  }),
  output: Type.Object({
    Events: Type.Array(Event),
    Position: Type.String({ description: `Where the next request goes on. ${positionDescription}` }),
  }),
  example: {
    request: { Limitation: { Count: 100 } },
    answer: {
      Events: [
        {
          Discriminator: "MessageAdded",
          Value: {
            Id: "4bfe4675-98a9-4428-9ea9-ae5300dbaa93",
            MessageThreadId: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
          },
          EnterpriseId: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
          CreatedUtc: "2022-03-09T13:19:46Z",
        },
      ],
      Position: "AT-oX2RXF0Vis_wslj9mr6YABdnI84fAgA",
    },
  },
});
