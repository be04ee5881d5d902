import type { SecretBox } from "../../core/secret-box.ts";
import type { Preferences, SignedIn } from "../../protocol/staff/account.ts";
import type { Colleague } from "../../protocol/staff/people.ts";
import type { Reader } from "../../store/db.ts";
import { listOwners, preferencesOf } from "../../store/staff/users.ts";
import { byName, colleagueAnswer, personAnswer, propertyAnswers } from "../answers.ts";
import { everybody, findPerson, type Person, peopleAt } from "../live/people.ts";
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
  if (!person) throw new Error("People are never deleted.");
  const preferences = JSON.parse(await preferencesOf(reader, caller.userId)) as Partial<Preferences>;
  return {
    User: personAnswer(person),
    Preferences: { ...defaultPreferences, ...preferences },
    Properties: propertyAnswers(caller.properties),
    Colleagues: await colleaguesOf(reader, caller),
    BrowserKey: Buffer.from((await secretBox()).digest(caller.userId, "what a browser keeps")).toString("base64"),
  };
}

/** The people who share a property with the caller, the caller included, and the owners, who work at all of them. */
async function colleaguesOf(reader: Reader, caller: StaffCaller): Promise<Colleague[]> {
  const ids = caller.properties.map(({ id }) => id);
  const people = caller.isOwner ? await everybody(reader) : await withOwners(reader, await peopleAt(reader, ids));
  const shared = new Set(ids);
  const colleagues = people.map((person) => {
    const own = person.memberships.map(({ enterprise_id }) => enterprise_id).filter((id) => shared.has(id));
    return colleagueAnswer(person, person.is_owner ? ids : own);
  });
  return colleagues.sort(byName);
}

async function withOwners(reader: Reader, people: readonly Person[]): Promise<Person[]> {
  const owners = await listOwners(reader);
  const known = new Set(people.map(({ id }) => id));
  return [...people, ...owners.filter(({ id }) => !known.has(id)).map((owner) => ({ ...owner, memberships: [] }))];
}
