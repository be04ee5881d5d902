import type Type from "typebox";
import type { Clock } from "../../core/clock.ts";
import type { IdentifierSource } from "../../core/identifiers.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import type { Turns } from "../../core/turns.ts";
import type { Destinations } from "../../delivery/webhooks/destination.ts";
import type { OperationDescription } from "../../protocol/operation.ts";
import type { Presence } from "../../staff/live/presence.ts";
import type { StaffCaller } from "../../staff/sign-in/caller.ts";
import type { Right } from "../../staff/sign-in/rights.ts";
import type { Visitor } from "../../staff/sign-in/visitor.ts";
import type { PropertyScope } from "../../store/scope.ts";
import type { CallDb } from "../../store/store.ts";
import { type Operation, operation, type Run } from "../operation.ts";

/** What the operations of the staff API work with. */
export interface StaffContext {
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  readonly presence: Presence;
  /** Limit how many passwords are hashed and compared at once. */
  readonly turns: Turns;
  /** Seals secrets and digests e-mail addresses. Resolves once the database can be used. */
  readonly secretBox: () => Promise<SecretBox>;
  /** Where webhooks may go. */
  readonly destinations: Destinations;
  /** How long a search may look, in milliseconds, before it answers what it has found so far. */
  readonly searchTime: number;
}

/** One request of a visitor who need not be signed in. */
export interface VisitorCall {
  readonly visitor: Visitor;
  /** The request's own: it ends with the request's deadline. */
  readonly db: CallDb;
}

/** One request of a person who is signed in. */
export interface StaffCall extends VisitorCall {
  readonly caller: StaffCaller;
  /** The properties at which the caller has the operation's right: at least one, or the request was refused. */
  readonly scope: PropertyScope;
}

/** An operation that needs no session. */
export interface OpenOperation extends Operation<StaffContext, VisitorCall> {
  readonly access: "anyone";
}

/** An operation that needs a session; "signedIn" needs no right. */
export interface SignedInOperation extends Operation<StaffContext, StaffCall> {
  readonly access: "signedIn" | Right;
}

export type StaffOperation = OpenOperation | SignedInOperation;

export function openOperation<Input extends Type.TSchema>(
  description: OperationDescription<Input>,
  run: Run<StaffContext, VisitorCall, Type.Static<Input>>,
): OpenOperation {
  return { access: "anyone", ...operation(description, run) };
}

export function staffOperation<Input extends Type.TSchema>(
  description: OperationDescription<Input>,
  access: SignedInOperation["access"],
  run: Run<StaffContext, StaffCall, Type.Static<Input>>,
): SignedInOperation {
  return { access, ...operation(description, run) };
}
