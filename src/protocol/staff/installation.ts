import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { dateTime, optional, text, uuid, uuids } from "../values.ts";

const Name = text(200, { description: "What people call it." });
const IsEnabled = Type.Boolean({ description: "False shuts it out at the next request." });
const ClientId = uuid("The client.");
const EnterpriseId = uuid("The property.");
const IntegrationId = uuid("The integration.");
const AccessToken = Type.String({ description: "Its access token, which is told this once." });

/** How long the old one stays good when a token or a secret is replaced. */
export const OverlapSeconds = optional(
  Type.Integer({
    minimum: 0,
    maximum: 365 * 86_400,
    description: "How long the old one is still good; 0 when others know it. Default: a day.",
  }),
);
export const defaultOverlapSeconds = 86_400;

/** A partner's application. */
export const ClientRecord = Type.Object(
  {
    Id: ClientId,
    Name: Type.String(),
    IsEnabled: Type.Boolean(),
    CreatedUtc: dateTime("When it was added."),
  },
  { $id: "ClientRecord" },
);
export type ClientRecord = Type.Static<typeof ClientRecord>;

/** A property, enabled or not. */
export const PropertyRecord = Type.Object(
  {
    Id: EnterpriseId,
    Name: Type.String(),
    TimeZoneIdentifier: Type.String(),
    DefaultLanguageCode: Type.String(),
    IsEnabled: Type.Boolean(),
    CreatedUtc: dateTime("When it was added."),
  },
  { $id: "PropertyRecord" },
);
export type PropertyRecord = Type.Static<typeof PropertyRecord>;

/** A client's connection to one property or more. */
export const IntegrationRecord = Type.Object(
  {
    Id: IntegrationId,
    ClientId,
    ClientName: Type.String(),
    PrimaryEnterpriseId: uuid("The property that stands for all of them."),
    EnterpriseCount: Type.Integer({ description: "How many properties it covers, the primary one included." }),
    TokenCount: Type.Integer({ description: "How many access tokens work now." }),
    IsEnabled: Type.Boolean(),
    CreatedUtc: dateTime("When it was added."),
  },
  { $id: "IntegrationRecord" },
);
export type IntegrationRecord = Type.Static<typeof IntegrationRecord>;

const nothing = Type.Object({});
const bot = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b13";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const connection = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b14";
const created = "2026-05-05T10:00:00Z";
const token = "9D47259F225B9A02F1877136603DD957-E4B5EF56A8D0153246AD2D626A5A6F04";

export const getAllClients = describeOperation({
  resource: "clients",
  action: "getAll",
  summary: "List clients",
  description: "The partners' applications, in the order in which they were added.",
  input: nothing,
  output: Type.Object({ Clients: Type.Array(ClientRecord) }),
  example: {
    request: {},
    answer: { Clients: [{ Id: bot, Name: "Chatbot Inc.", IsEnabled: true, CreatedUtc: created }] },
  },
});

export const addClient = describeOperation({
  resource: "clients",
  action: "add",
  summary: "Add a client",
  description: "A partner's application. It reaches nothing until an integration connects it to a property.",
  input: Type.Object({ Name }),
  output: Type.Object({
    ClientId,
    ClientToken: Type.String({ description: "Its client token, which is told this once." }),
  }),
  example: { request: { Name: "Chatbot Inc." }, answer: { ClientId: bot, ClientToken: token } },
});

export const enableClient = describeOperation({
  resource: "clients",
  action: "enable",
  summary: "Enable or disable a client",
  description: "Every request of a disabled one is refused, and its webhooks rest.",
  input: Type.Object({ ClientId, IsEnabled }),
  output: nothing,
  example: { request: { ClientId: bot, IsEnabled: true }, answer: {} },
});

export const getAllProperties = describeOperation({
  resource: "properties",
  action: "getAll",
  summary: "List properties",
  description: "All of the installation, enabled or not, in the order in which they were added.",
  input: nothing,
  output: Type.Object({ Properties: Type.Array(PropertyRecord) }),
  example: {
    request: {},
    answer: {
      Properties: [
        {
          Id: net,
          Name: "Net",
          TimeZoneIdentifier: "Europe/Prague",
          DefaultLanguageCode: "cs-CZ",
          IsEnabled: true,
          CreatedUtc: created,
        },
      ],
    },
  },
});

export const addProperty = describeOperation({
  resource: "properties",
  action: "add",
  summary: "Add a property",
  description: "Owners work at it at once; others when they are given a role there.",
  input: Type.Object({
    Name,
    TimeZoneIdentifier: optional(text(100, { description: "IANA time zone. Default: UTC." })),
    DefaultLanguageCode: optional(text(100, { description: "Language and culture. Default: en-US." })),
  }),
  output: Type.Object({ EnterpriseId }),
  example: {
    request: { Name: "Net", TimeZoneIdentifier: "Europe/Prague", DefaultLanguageCode: "cs-CZ" },
    answer: { EnterpriseId: net },
  },
});

export const enableProperty = describeOperation({
  resource: "properties",
  action: "enable",
  summary: "Enable or disable a property",
  description: "No integration reaches a disabled one, and nobody works at it.",
  input: Type.Object({ EnterpriseId, IsEnabled }),
  output: nothing,
  example: { request: { EnterpriseId: net, IsEnabled: true }, answer: {} },
});

export const getAllIntegrations = describeOperation({
  resource: "integrations",
  action: "getAll",
  summary: "List integrations",
  description: "Which client is connected to which property, in the order in which they were connected.",
  input: nothing,
  output: Type.Object({ Integrations: Type.Array(IntegrationRecord) }),
  example: {
    request: {},
    answer: {
      Integrations: [
        {
          Id: connection,
          ClientId: bot,
          ClientName: "Chatbot Inc.",
          PrimaryEnterpriseId: net,
          EnterpriseCount: 1,
          TokenCount: 1,
          IsEnabled: true,
          CreatedUtc: created,
        },
      ],
    },
  },
});

export const addIntegration = describeOperation({
  resource: "integrations",
  action: "add",
  summary: "Connect a client",
  description: "To one property or, the primary one first, to several.",
  input: Type.Object({ ClientId, EnterpriseIds: uuids("The properties; the first one is the primary one.") }),
  output: Type.Object({ IntegrationId, AccessToken }),
  example: {
    request: { ClientId: bot, EnterpriseIds: [net] },
    answer: { IntegrationId: connection, AccessToken: token },
  },
});

export const enableIntegration = describeOperation({
  resource: "integrations",
  action: "enable",
  summary: "Enable or disable an integration",
  description: "The access tokens of a disabled one are refused.",
  input: Type.Object({ IntegrationId, IsEnabled }),
  output: nothing,
  example: { request: { IntegrationId: connection, IsEnabled: true }, answer: {} },
});

export const rotateToken = describeOperation({
  resource: "integrations",
  action: "rotateToken",
  summary: "Replace an access token",
  description: "Makes a new one; those that there are work a while longer.",
  input: Type.Object({ IntegrationId, OverlapSeconds }),
  output: Type.Object({ AccessToken, OldTokenExpiresUtc: dateTime("Until when the old ones work at the longest.") }),
  example: {
    request: { IntegrationId: connection, OverlapSeconds: 3600 },
    answer: { AccessToken: token, OldTokenExpiresUtc: "2026-05-05T11:00:00Z" },
  },
});

export const deleteIntegration = describeOperation({
  resource: "integrations",
  action: "delete",
  summary: "End a connection",
  description: "For good, with its access tokens. Threads and messages stay.",
  input: Type.Object({ IntegrationId }),
  output: nothing,
  example: { request: { IntegrationId: connection }, answer: {} },
});
