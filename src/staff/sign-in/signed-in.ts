import type { SecretBox } from "../../core/secret-box.ts";
import type { Preferences, SignedIn } from "../../protocol/staff/account.ts";
import type { Colleague } from "../../protocol/staff/people.ts";
import type { StaffProperty } from "../../protocol/staff/properties.ts";
import type { Reader } from "../../store/db.ts";
import { listOwners, preferencesOf } from "../../store/staff/users.ts";
import { byName, everybody, findPerson, type Person, peopleAt, staffUserOf } from "../live/people.ts";
import type { StaffCaller } from "./caller.ts";

const defaultPreferences: Preferences = {
  Language: "auto",
  SendKey: "Enter",
  Theme: "auto",
  HasNotifications: false,
  HasSound: false,
};

/** All that a page needs to know of the person who has signed in. */
export async function signedIn(
  reader: Reader,
  caller: StaffCaller,
  { secretBox }: { readonly secretBox: () => Promise<SecretBox> },
): Promise<SignedIn> {
  const person = await findPerson(reader, caller.userId);
  if (!person) throw new Error("Nobody is removed for good.");
  const preferences = JSON.parse(await preferencesOf(reader, caller.userId)) as Partial<Preferences>;
  return {
    User: staffUserOf(person),
    Preferences: { ...defaultPreferences, ...preferences },
    Properties: propertiesOf(caller),
    Colleagues: await colleaguesOf(reader, caller),
    BrowserKey: Buffer.from((await secretBox()).digest(caller.userId, "what a browser keeps")).toString("base64"),
  };
}

/** Where the caller works, by name. */
export function propertiesOf({ properties }: StaffCaller): StaffProperty[] {
  const answers = properties.map((property) => ({
    Id: property.id,
    Name: property.name,
    TimeZoneIdentifier: property.timeZoneIdentifier,
    DefaultLanguageCode: property.defaultLanguageCode,
    ReplyTargetMinutes: property.replyTargetMinutes,
    Role: property.role,
  }));
  return answers.sort(byName);
}

/** Whoever shares a property with the caller, the caller included, and the owners, who work at all of them. */
async function colleaguesOf(reader: Reader, caller: StaffCaller): Promise<Colleague[]> {
  const ids = caller.properties.map(({ id }) => id);
  const people = caller.isOwner ? await everybody(reader) : await withOwners(reader, await peopleAt(reader, ids));
  const shared = new Set(ids);
  const colleagues = people.map(({ id, name, is_owner, is_enabled, memberships }) => {
    const own = memberships.map(({ enterprise_id }) => enterprise_id).filter((enterprise) => shared.has(enterprise));
    return { Id: id, Name: name, IsEnabled: is_enabled === 1, EnterpriseIds: is_owner ? ids : own };
  });
  return colleagues.sort(byName);
}

async function withOwners(reader: Reader, people: readonly Person[]): Promise<Person[]> {
  const owners = await listOwners(reader);
  const known = new Set(people.map(({ id }) => id));
  return [...people, ...owners.filter(({ id }) => !known.has(id)).map((owner) => ({ ...owner, memberships: [] }))];
}
