import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { dateTime, nullableText, nullableUuid, optional, text, uuid } from "../values.ts";
import { exampleSignedIn, NewPassword, SignedIn } from "./account.ts";
import { exampleToken, PersonName } from "./people.ts";

/** Where a link that is good once leads: its secret stands behind the #, which browsers keep to themselves. */
export function linkAddress(origin: string, secret: string): string {
  return `${origin}/inbox/link#${secret}`;
}

const Purpose = Type.Enum(["FirstOwner", "Invitation", "Reset"]);

/** A link that can still be used, as those see it who may make such a link. */
export const StaffLink = Type.Object(
  {
    Id: uuid("Unique identifier of the link; it does not open it."),
    Purpose: Type.Enum(["Invitation", "Reset"]),
    UserId: uuid("Whom it lets in."),
    UserName: Type.String(),
    UserEmail: Type.String(),
    MakerId: nullableUuid("Who made it; null for the operator, by a command."),
    MakerName: nullableText(),
    IsGood: Type.Boolean({ description: "False when its maker may not make it any more: then it lets nobody in." }),
    CreatedUtc: dateTime("When it was made."),
    ExpiresUtc: dateTime("Until when it is good."),
  },
  { $id: "StaffLink" },
);
export type StaffLink = Type.Static<typeof StaffLink>;

export const getLink = describeOperation({
  resource: "links",
  action: "get",
  summary: "Look at a link",
  description: "What a one-time link is for.",
  input: Type.Object({ Token: text(100, { description: "What stands behind the # of the link." }) }),
  output: Type.Object({
    Purpose,
    Name: nullableText(),
    Email: nullableText(),
  }),
  example: {
    request: { Token: exampleToken },
    answer: { Purpose: "Invitation", Name: "Alice", Email: "alice@hotel.example" },
  },
});

export const useLink = describeOperation({
  resource: "links",
  action: "use",
  summary: "Use a link",
  description: "Sets the password, ends every other session of the person, and signs in. The link is good no more.",
  input: Type.Object({
    Token: text(100, { description: "What stands behind the # of the link." }),
    Password: NewPassword,
    Name: optional(PersonName),
    Email: optional(text(254, { description: "Of the first owner." })),
  }),
  output: SignedIn,
  example: { request: { Token: exampleToken, Password: "correct horse battery" }, answer: exampleSignedIn },
});

export const getAllLinks = describeOperation({
  resource: "links",
  action: "getAll",
  summary: "List open links",
  description:
    "Invitations and resets that have not been used yet, never with what opens them. A manager sees those of people whose every property is their own, an owner all.",
  input: Type.Object({}),
  output: Type.Object({ Links: Type.Array(StaffLink) }),
  example: {
    request: {},
    answer: {
      Links: [
        {
          Id: "6f1a9c52-8f0e-4d3b-9a57-0c4be2f7d116",
          Purpose: "Invitation",
          UserId: exampleSignedIn.User.Id,
          UserName: "Alice",
          UserEmail: "alice@hotel.example",
          MakerId: "0195d3a0-1c5e-7000-8000-5c1d6f3a2b12",
          MakerName: "Olga",
          IsGood: true,
          CreatedUtc: "2026-05-05T10:00:00Z",
          ExpiresUtc: "2026-05-12T10:00:00Z",
        },
      ],
    },
  },
});

export const revokeLink = describeOperation({
  resource: "links",
  action: "revoke",
  summary: "Revoke a link",
  description: "The link lets nobody in any more. One that was used or revoked already is not found.",
  input: Type.Object({ LinkId: uuid("The link.") }),
  output: Type.Object({}),
  example: { request: { LinkId: "6f1a9c52-8f0e-4d3b-9a57-0c4be2f7d116" }, answer: {} },
});
