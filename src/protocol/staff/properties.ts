import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { uuid } from "../values.ts";

/** A property as its people see it. */
export const StaffProperty = Type.Object(
  {
    Id: uuid("The property."),
    Name: Type.String(),
    TimeZoneIdentifier: Type.String(),
    DefaultLanguageCode: Type.String(),
    ReplyTargetMinutes: Type.Integer({ description: "Within how many minutes guests should have a reply." }),
    Role: Type.Enum(["Agent", "Manager", "Owner"], { description: "The caller's." }),
  },
  { $id: "StaffProperty" },
);
export type StaffProperty = Type.Static<typeof StaffProperty>;

export const exampleProperty: StaffProperty = {
  Id: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
  Name: "Net",
  TimeZoneIdentifier: "Europe/Prague",
  DefaultLanguageCode: "cs-CZ",
  ReplyTargetMinutes: 15,
  Role: "Agent",
};

export const updateProperty = describeOperation({
  resource: "properties",
  action: "update",
  summary: "Change a property's settings",
  description: "The time within which guests should have a reply.",
  input: Type.Object({
    EnterpriseId: uuid("The property."),
    ReplyTargetMinutes: Type.Integer({ minimum: 1, maximum: 10_080 }),
  }),
  output: Type.Object({ Properties: Type.Array(StaffProperty) }),
  example: {
    request: { EnterpriseId: exampleProperty.Id, ReplyTargetMinutes: 30 },
    answer: { Properties: [exampleProperty] },
  },
});
