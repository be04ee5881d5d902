import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { nullableText, optional, text, uuid } from "../values.ts";
import { exampleProperty } from "./properties.ts";

/** What a person may do at a property. */
export const Role = Type.Enum(["Agent", "Manager"]);
export type Role = Type.Static<typeof Role>;

export const Email = text(254, { description: "The address to sign in with, in any letter case." });
export const PersonName = text(100, { description: "What colleagues call them." });
const Link = Type.String({ description: "The address to give them, good once and for a limited time." });

export const Membership = Type.Object({ EnterpriseId: uuid("The property."), Role }, { $id: "Membership" });
export type Membership = Type.Static<typeof Membership>;

export const StaffUser = Type.Object(
  {
    Id: uuid("Unique identifier of the person."),
    Name: Type.String(),
    Email: Type.String(),
    IsOwner: Type.Boolean({ description: "May do everything, at every property." }),
    IsEnabled: Type.Boolean(),
    HasPassword: Type.Boolean({ description: "Whether they have accepted the invitation." }),
    Memberships: Type.Array(Membership),
  },
  { $id: "StaffUser" },
);
export type StaffUser = Type.Static<typeof StaffUser>;

/** A person with whom the caller works. */
export const Colleague = Type.Object(
  {
    Id: uuid("The person."),
    Name: Type.String(),
    IsEnabled: Type.Boolean(),
    EnterpriseIds: Type.Array(Type.String(), { description: "Where they work, as far as the caller does too." }),
  },
  { $id: "Colleague" },
);
export type Colleague = Type.Static<typeof Colleague>;

/** The secret of a link, as examples have it. */
export const exampleToken = "Zk9sYV9pbm5ib3hfbGluazEyMzQ1Njc4OTAxMjM0NTY";

const userId = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b11";
export const exampleUser: StaffUser = {
  Id: userId,
  Name: "Alice",
  Email: "alice@hotel.example",
  IsOwner: false,
  IsEnabled: true,
  HasPassword: true,
  Memberships: [{ EnterpriseId: exampleProperty.Id, Role: "Agent" }],
};
export const exampleColleague: Colleague = {
  Id: userId,
  Name: "Alice",
  IsEnabled: true,
  EnterpriseIds: [exampleProperty.Id],
};

export const getAllUsers = describeOperation({
  resource: "users",
  action: "getAll",
  summary: "List people",
  description: "A manager sees those of the own properties, an owner everybody.",
  input: Type.Object({}),
  output: Type.Object({ Users: Type.Array(StaffUser) }),
  example: { request: {}, answer: { Users: [exampleUser] } },
});

export const inviteUser = describeOperation({
  resource: "users",
  action: "invite",
  summary: "Invite somebody",
  description: "Adds a person, or gives somebody who is known a further property, and makes a link for new people.",
  input: Type.Object({
    Name: PersonName,
    Email,
    Memberships: Type.Array(Membership, { minItems: 0, maxItems: 1000 }),
    IsOwner: optional(Type.Boolean({ description: "Only owners make owners." })),
  }),
  output: Type.Object({
    User: StaffUser,
    Link: nullableText("Null for who has a password already."),
  }),
  example: {
    request: {
      Name: "Alice",
      Email: "alice@hotel.example",
      Memberships: [{ EnterpriseId: exampleProperty.Id, Role: "Agent" }],
    },
    answer: { User: exampleUser, Link: `http://localhost:8080/inbox/link#${exampleToken}` },
  },
});

export const resetUser = describeOperation({
  resource: "users",
  action: "reset",
  summary: "Help somebody back in",
  description: "Makes a link with which the person sets a new password.",
  input: Type.Object({ UserId: uuid("The person.") }),
  output: Type.Object({ Link }),
  example: { request: { UserId: userId }, answer: { Link: `http://localhost:8080/inbox/link#${exampleToken}` } },
});

export const setMembership = describeOperation({
  resource: "memberships",
  action: "set",
  summary: "Change a role",
  description: "Gives a person a role at a property, or with null takes it away.",
  input: Type.Object({
    UserId: uuid("The person."),
    EnterpriseId: uuid("The property."),
    Role: Type.Unsafe<Role | null>({ enum: ["Agent", "Manager", null] }),
  }),
  output: Type.Object({ User: StaffUser }),
  example: {
    request: { UserId: userId, EnterpriseId: exampleProperty.Id, Role: "Manager" },
    answer: { User: exampleUser },
  },
});

export const updateUser = describeOperation({
  resource: "users",
  action: "update",
  summary: "Change a person",
  description: "An owner enables, disables and renames people and makes owners; there is always one who is enabled.",
  input: Type.Object({
    UserId: uuid("The person."),
    Name: optional(PersonName),
    IsEnabled: optional(Type.Boolean()),
    IsOwner: optional(Type.Boolean()),
  }),
  output: Type.Object({ User: StaffUser }),
  example: { request: { UserId: userId, IsEnabled: false }, answer: { User: exampleUser } },
});
