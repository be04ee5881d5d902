import type { Reader } from "../../store/db.ts";
import type { LinkRow } from "../../store/staff/links.ts";
import { findStaffUser } from "../../store/staff/users.ts";
import { answersFor, type Manager, type Rights } from "../live/people.ts";
import { scopeOf } from "./caller.ts";
import { callerOf } from "./sessions.ts";

/** Who made a link, with the rights that they have now; `undefined` for a person who is disabled. */
export type LinkMaker = "operator" | Manager | undefined;

export async function makerOf(reader: Reader, { maker_id }: Pick<LinkRow, "maker_id">): Promise<LinkMaker> {
  if (maker_id === null) return "operator";
  const maker = await findStaffUser(reader, maker_id);
  if (!maker?.is_enabled) return undefined;
  const caller = await callerOf(reader, maker, "");
  return { caller, scope: scopeOf(caller, "users") };
}

/**
 * Whether the maker of a link could still make it. A link ends with the right by which it was made: when its maker is
 * disabled, or does not manage every property of the person any more. The operator's links do not end with rights.
 */
export function isBackedBy(maker: LinkMaker, person: Rights): boolean {
  if (maker === "operator") return true;
  return maker !== undefined && answersFor(maker, person);
}
