import Type from "typebox";
import { cursorDescription, describeOperation } from "../operation.ts";
import { dateTime, Limitation, maxItems, optional, requestOf, text, timeInterval, uuid, uuids } from "../values.ts";

/** Longest `LinkedUtc` and `UpdatedUtc`, in calendar months, as for message threads. */
export const enterpriseIntervalMonths = 3;

const enterpriseProperties = {
  Id: uuid("Unique identifier of the enterprise."),
  Name: Type.String({ description: "Name of the enterprise." }),
  TimeZoneIdentifier: Type.String({ description: "IANA identifier of the enterprise's time zone." }),
  DefaultLanguageCode: Type.String({ description: "Language and culture code of the enterprise." }),
  CreatedUtc: dateTime("When the enterprise was created."),
  UpdatedUtc: dateTime("When the enterprise was last changed."),
  IsPortfolio: Type.Boolean({
    description: "Whether the enterprise is the primary one of a portfolio that the access token covers.",
  }),
};

export const Enterprise = Type.Object(enterpriseProperties, { $id: "Enterprise" });
export type Enterprise = Type.Static<typeof Enterprise>;

export const LinkedEnterprise = Type.Object(
  { ...enterpriseProperties, LinkedUtc: dateTime("When the integration was connected to the enterprise.") },
  { $id: "LinkedEnterprise" },
);
export type LinkedEnterprise = Type.Static<typeof LinkedEnterprise>;

export const getConfiguration = describeOperation({
  resource: "configuration",
  action: "get",
  summary: "Get configuration",
  description: "The server's time and the enterprise that the access token belongs to. A first call to check tokens.",
  input: requestOf({
    EnterpriseId: optional(uuid("An enterprise that the access token covers. Default: its primary one.")),
  }),
  output: Type.Object({ NowUtc: dateTime("The server's time."), Enterprise }),
  example: {
    request: { EnterpriseId: "851df8c8-90f2-4c4a-8e01-a4fc46b25178" },
    answer: {
      NowUtc: "2018-01-01T14:58:02Z",
      Enterprise: {
        Id: "851df8c8-90f2-4c4a-8e01-a4fc46b25178",
        Name: "Connector API Hotel",
        TimeZoneIdentifier: "Europe/Budapest",
        DefaultLanguageCode: "en-US",
        CreatedUtc: "2015-07-07T13:33:17Z",
        UpdatedUtc: "2015-07-07T13:33:17Z",
        IsPortfolio: true,
      },
    },
  },
});

export const getAllEnterprises = describeOperation({
  resource: "enterprises",
  action: "getAll",
  hasMinimalAnswer: true,
  summary: "Get all enterprises",
  description: "The enterprises that the access token covers, newest first. All given filters hold together.",
  input: requestOf({
    EnterpriseIds: optional(uuids("Only these enterprises; each must be covered by the access token.")),
    ExternalIdentifiers: optional(
      Type.Array(text(255), {
        minItems: 1,
        maxItems,
        description: "Only enterprises with these identifiers of another system. Innbox knows none, so none match.",
      }),
    ),
    LinkedUtc: optional(timeInterval("Only enterprises connected in this interval of at most 3 months.")),
    UpdatedUtc: optional(timeInterval("Only enterprises changed in this interval of at most 3 months.")),
    Limitation: optional(Limitation),
  }),
  output: Type.Object({ Enterprises: Type.Array(LinkedEnterprise), Cursor: optional(uuid(cursorDescription)) }),
  example: {
    request: {
      EnterpriseIds: ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "4d0201db-36f5-428b-8d11-4f0a65e960cc"],
      Limitation: { Count: 100 },
    },
    answer: {
      Enterprises: [
        {
          Id: "4d0201db-36f5-428b-8d11-4f0a65e960cc",
          Name: "Third",
          TimeZoneIdentifier: "Europe/Prague",
          DefaultLanguageCode: "cs-CZ",
          CreatedUtc: "2022-02-01T09:00:00Z",
          UpdatedUtc: "2022-02-01T09:00:00Z",
          IsPortfolio: false,
          LinkedUtc: "2022-02-01T09:00:00Z",
        },
      ],
      Cursor: "4d0201db-36f5-428b-8d11-4f0a65e960cc",
    },
  },
});
