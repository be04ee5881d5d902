import type { StaffUser } from "../../../src/protocol/staff/people.ts";

let person: StaffUser | undefined;

/**
 * Makes the page this person's for good. Everything that it holds in memory is theirs alone because nobody else is let
 * into the same document: when their session ends or somebody else signs in, `leavePage` has the page loaded anew.
 */
export function bindPage(user: StaffUser): void {
  if (person && person.Id !== user.Id) throw new Error("A page belongs to one person.");
  person = user;
}

/** Whose page this is; undefined until a person has signed in. */
export function boundPerson(): StaffUser | undefined {
  return person;
}
