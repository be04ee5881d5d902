import { Problem } from "../../core/problem.ts";
import type { PropertyScope } from "../../store/scope.ts";
import type { StaffPropertyRow } from "../../store/staff/staff-properties.ts";
import { type Right, rightsOf, type StaffRole } from "./rights.ts";

/** A property, and what somebody may do there. */
export interface StaffProperty extends StaffPropertyRow {
  readonly role: StaffRole;
}

/** Who is signed in, and where they may do what. From here on, the cookie itself is not needed. */
export interface StaffCaller {
  readonly sessionId: string;
  readonly userId: string;
  readonly name: string;
  readonly isOwner: boolean;
  /** When the person was added, in microseconds: nothing older is unread to them. */
  readonly joined: number;
  /** Enabled properties that they work at; for an owner all there are. */
  readonly properties: readonly StaffProperty[];
}

/** The properties at which the caller has a right. Every query for the caller is limited to them. */
export function scopeOf(caller: StaffCaller, right: Right): PropertyScope {
  const allowed = caller.properties.filter(({ role }) => rightsOf[role].includes(right));
  return { clientId: null, enterpriseIds: allowed.map(({ id }) => id) };
}

/** The properties at which the caller works, with whatever right. */
export function everywhere({ properties }: StaffCaller): PropertyScope {
  return { clientId: null, enterpriseIds: properties.map(({ id }) => id) };
}

/** The same. @throws Problem (forbidden) for a caller who has the right at no property */
export function mustHave(caller: StaffCaller, right: Right): PropertyScope {
  const scope = scopeOf(caller, right);
  const isOwnersAlone = right === "installation";
  if (isOwnersAlone ? !caller.isOwner : scope.enterpriseIds.length === 0) {
    throw new Problem("forbidden", "You may not do this; ask a manager of the property.");
  }
  return scope;
}

/**
 * The scope, narrowed to what was asked for.
 * @throws Problem (forbidden) for a property that is not in it
 */
export function narrowed(scope: PropertyScope, enterpriseIds: readonly string[] | null | undefined): PropertyScope {
  if (!enterpriseIds) return scope;
  const wanted = [...new Set(enterpriseIds.map((id) => id.toLowerCase()))];
  if (!wanted.every((id) => scope.enterpriseIds.includes(id))) {
    throw new Problem("forbidden", "You do not work at this property, or may not do this there.");
  }
  return { clientId: null, enterpriseIds: wanted };
}
