import type { StaffUser } from "../../../src/protocol/staff/people.ts";

let person: StaffUser | undefined;

/**
 * Binds the page to a person for good. What it holds in memory is theirs alone, since the document never serves another
 * person: when their session ends or another one signs in, `leavePage` loads the page again.
 */
export function bindPage(user: StaffUser): void {
  if (person && person.Id !== user.Id) throw new Error("A page belongs to one person.");
  person = user;
}

/** Whose page this is; undefined until a person has signed in. */
export function boundPerson(): StaffUser | undefined {
  return person;
}
