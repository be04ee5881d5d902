import Type from "typebox";
import { dateTime, uuid } from "../values.ts";
import { Discriminator } from "./events.ts";

/** What a client's general webhook is sent (contract, section 6). */
export const GeneralWebhook = Type.Object(
  {
    EnterpriseId: uuid("The enterprise that the events belong to."),
    IntegrationId: uuid("The integration that the events belong to."),
    Events: Type.Array(
      Type.Object({
        Discriminator,
        Value: Type.Object({
          Id: uuid("The message that was added, or the thread that was resolved or reopened."),
          MessageThreadId: uuid("(+) The thread."),
        }),
      }),
      { maxItems: 100, description: "What happened, in the order in which it did." },
    ),
  },
  { $id: "GeneralWebhook" },
);
export type GeneralWebhook = Type.Static<typeof GeneralWebhook>;

/** The same without what goes beyond the published API: messages alone, by their ids. */
export const PublishedWebhook = Type.Object(
  {
    EnterpriseId: uuid("The enterprise that the events belong to."),
    IntegrationId: uuid("The integration that the events belong to."),
    Events: Type.Array(
      Type.Object({
        Discriminator: Type.Enum(["MessageAdded"]),
        Value: Type.Object({ Id: uuid("The message that was added.") }),
      }),
      { maxItems: 100, description: "What happened, in the order in which it did." },
    ),
  },
  { $id: "PublishedWebhook" },
);

const Named = Type.Object({ Id: uuid("Unique identifier."), Name: Type.String({ description: "Name." }) });

/** What an integration webhook says of each action. */
const integrationData = {
  IntegrationCreated: Type.Object({
    Enterprise: Named,
    Service: Type.Null(),
    Requestor: Type.Null(),
    AccessToken: Type.String({ description: "Access token of the integration." }),
    CreatedUtc: dateTime("When the integration was created."),
    IsEnabled: Type.Boolean(),
    Integration: Named,
  }),
  IntegrationEnabled: Type.Object({ Integration: Named }),
  IntegrationDisabled: Type.Object({ Integration: Named }),
  IntegrationDeleted: Type.Object({ DeletedUtc: dateTime("When it was deleted."), Integration: Named }),
  IntegrationApiKeyCreated: Type.Object({
    Integration: Named,
    ApiKey: Type.String({ description: "The new access token." }),
  }),
};

type IntegrationData = { [Action in keyof typeof integrationData]: Type.Static<(typeof integrationData)[Action]> };
type IntegrationAction = keyof IntegrationData;

/** What a client's integration webhook is sent, one request for each action (contract, section 6). */
export type IntegrationWebhook = {
  [Action in IntegrationAction]: { readonly Action: Action; readonly Data: IntegrationData[Action] };
}[IntegrationAction];

export const IntegrationWebhook = Type.Union(
  Object.entries(integrationData).map(([action, data]) => Type.Object({ Action: Type.Literal(action), Data: data })),
  { $id: "IntegrationWebhook" },
);
