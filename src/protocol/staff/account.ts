import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { anyString, dateTime, optional, text, uuid } from "../values.ts";

/** What somebody may do at a property. */
export const Role = Type.Enum(["Agent", "Manager"]);
export type Role = Type.Static<typeof Role>;

export const maxPasswordLength = 256;
const Email = text(254, { description: "The address to sign in with, in any letter case." });
export const PersonName = text(100, { description: "What colleagues call them." });
export const minPasswordLength = 10;
export const NewPassword = anyString({
  minLength: minPasswordLength,
  maxLength: maxPasswordLength,
  description: `At least ${minPasswordLength} characters, none of the commonest passwords, and not the own names.`,
});
const Password = anyString({ maxLength: maxPasswordLength, description: "The password." });
const Link = Type.String({ description: "The address to give them, good once and for a limited time." });

export const Preferences = Type.Object(
  {
    Language: Type.Enum(["auto", "en", "de", "fr", "es", "cs"]),
    SendKey: Type.Enum(["Enter", "CtrlEnter"]),
    Theme: Type.Enum(["auto", "light", "dark"]),
    HasNotifications: Type.Boolean(),
    HasSound: Type.Boolean(),
  },
  { $id: "Preferences" },
);
export type Preferences = Type.Static<typeof Preferences>;

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

/** Somebody whom the caller works with. */
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

export const SignedIn = Type.Object(
  {
    User: StaffUser,
    Preferences,
    Properties: Type.Array(StaffProperty),
    Colleagues: Type.Array(Colleague),
    BrowserKey: Type.String({
      description:
        "32 bytes in base64, always the same for this person and told to nobody else: what the page seals with that it " +
        "leaves in the browser for them.",
    }),
  },
  { $id: "SignedIn" },
);
export type SignedIn = Type.Static<typeof SignedIn>;

export const StaffSession = Type.Object(
  {
    Id: uuid("Unique identifier of the session."),
    IsCurrent: Type.Boolean(),
    UserAgent: Type.String(),
    Address: Type.String(),
    CreatedUtc: dateTime("When they signed in."),
    LastUsedUtc: dateTime("When it was last used, to within a minute."),
  },
  { $id: "StaffSession" },
);
export type StaffSession = Type.Static<typeof StaffSession>;

const nothing = Type.Object({});
const userId = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b11";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const exampleUser: StaffUser = {
  Id: userId,
  Name: "Alice",
  Email: "alice@hotel.example",
  IsOwner: false,
  IsEnabled: true,
  HasPassword: true,
  Memberships: [{ EnterpriseId: net, Role: "Agent" }],
};
const examplePreferences: Preferences = {
  Language: "auto",
  SendKey: "Enter",
  Theme: "auto",
  HasNotifications: false,
  HasSound: false,
};
export const exampleSignedIn: SignedIn = {
  User: exampleUser,
  Preferences: examplePreferences,
  Properties: [
    {
      Id: net,
      Name: "Net",
      TimeZoneIdentifier: "Europe/Prague",
      DefaultLanguageCode: "cs-CZ",
      ReplyTargetMinutes: 15,
      Role: "Agent",
    },
  ],
  Colleagues: [{ Id: userId, Name: "Alice", IsEnabled: true, EnterpriseIds: [net] }],
  BrowserKey: "pV1tQnTzL8mBf0b2cWkq3yJ5o7sXhU9dRa4eGi6NwZ0=",
};
export const exampleToken = "Zk9sYV9pbm5ib3hfbGluazEyMzQ1Njc4OTAxMjM0NTY";

export const startSession = describeOperation({
  resource: "session",
  action: "start",
  summary: "Sign in",
  description: "Sets the cookie of a new session. Wrong addresses and wrong passwords are answered alike.",
  input: Type.Object({ Email, Password }),
  output: SignedIn,
  example: {
    request: { Email: "alice@hotel.example", Password: "correct horse battery" },
    answer: exampleSignedIn,
  },
});

export const getSession = describeOperation({
  resource: "session",
  action: "get",
  summary: "Who am I",
  description: "The person who is signed in, where they work, and with whom.",
  input: nothing,
  output: SignedIn,
  example: { request: {}, answer: exampleSignedIn },
});

export const endSession = describeOperation({
  resource: "session",
  action: "end",
  summary: "Sign out",
  description: "Ends this session.",
  input: nothing,
  output: nothing,
  example: { request: {}, answer: {} },
});

export const getAllSessions = describeOperation({
  resource: "sessions",
  action: "getAll",
  summary: "List sessions",
  description: "Where the caller is signed in.",
  input: nothing,
  output: Type.Object({ Sessions: Type.Array(StaffSession) }),
  example: { request: {}, answer: { Sessions: [] } },
});

export const revokeSession = describeOperation({
  resource: "sessions",
  action: "revoke",
  summary: "End a session",
  description: "One of the caller's own, on whatever device it is.",
  input: Type.Object({ SessionId: uuid("The session.") }),
  output: nothing,
  example: { request: { SessionId: userId }, answer: {} },
});

export const changePassword = describeOperation({
  resource: "password",
  action: "change",
  summary: "Change the password",
  description: "Ends the caller's other sessions.",
  input: Type.Object({ OldPassword: Password, NewPassword }),
  output: nothing,
  example: { request: { OldPassword: "correct horse battery", NewPassword: "staple battery horse" }, answer: {} },
});

export const setPreferences = describeOperation({
  resource: "preferences",
  action: "set",
  summary: "Set preferences",
  description: "How the caller likes the inbox.",
  input: Type.Object({ Preferences }),
  output: Type.Object({ Preferences }),
  example: { request: { Preferences: examplePreferences }, answer: { Preferences: examplePreferences } },
});

export const getAllUsers = describeOperation({
  resource: "users",
  action: "getAll",
  summary: "List people",
  description: "A manager sees those of the own properties, an owner everybody.",
  input: nothing,
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
    Link: Type.Unsafe<string | null>({ type: ["string", "null"], description: "Null for who has a password already." }),
  }),
  example: {
    request: {
      Name: "Alice",
      Email: "alice@hotel.example",
      Memberships: [{ EnterpriseId: net, Role: "Agent" }],
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
    request: { UserId: userId, EnterpriseId: net, Role: "Manager" },
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
    request: { EnterpriseId: net, ReplyTargetMinutes: 30 },
    answer: { Properties: exampleSignedIn.Properties },
  },
});
