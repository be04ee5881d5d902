import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { anyString, dateTime, uuid } from "../values.ts";
import { Colleague, Email, exampleColleague, exampleUser, StaffUser } from "./people.ts";
import { exampleProperty, StaffProperty } from "./properties.ts";

export const maxPasswordLength = 256;
export const minPasswordLength = 10;
export const NewPassword = anyString({
  minLength: minPasswordLength,
  maxLength: maxPasswordLength,
  description: `At least ${minPasswordLength} characters, none of the commonest passwords, and not the own names.`,
});
const Password = anyString({ maxLength: maxPasswordLength, description: "The password." });
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
  Properties: [exampleProperty],
  Colleagues: [exampleColleague],
  BrowserKey: "pV1tQnTzL8mBf0b2cWkq3yJ5o7sXhU9dRa4eGi6NwZ0=",
};
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
  example: { request: { SessionId: exampleUser.Id }, answer: {} },
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
