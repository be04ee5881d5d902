import type { Role } from "../../protocol/staff/people.ts";

/** What can be allowed at a property. */
export type Right =
  | "read"
  | "reply"
  | "resolve"
  | "assign"
  | "note"
  | "savedReplies"
  | "users"
  | "settings"
  | "installation";

export type StaffRole = Role | "Owner";

const agent: readonly Right[] = ["read", "reply", "resolve", "assign", "note"];
const manager: readonly Right[] = [...agent, "savedReplies", "users", "settings"];

/** Who may do what: the one place that says so. An owner has every right at every property. */
export const rightsOf: Readonly<Record<StaffRole, readonly Right[]>> = {
  Agent: agent,
  Manager: manager,
  Owner: [...manager, "installation"],
};
