import type Type from "typebox";
import type { Clock } from "../../core/clock.ts";
import type { IdentifierSource } from "../../core/identifiers.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import type { Turns } from "../../core/turns.ts";
import type { Destinations } from "../../delivery/webhooks/destination.ts";
import type { OperationDescription } from "../../protocol/operation.ts";
import { type Check, checkOf } from "../../protocol/validation.ts";
import type { Presence } from "../../staff/live/presence.ts";
import { mustHave, type StaffCaller } from "../../staff/sign-in/caller.ts";
import type { Right } from "../../staff/sign-in/rights.ts";
import type { Visitor } from "../../staff/sign-in/visitor.ts";
import type { PropertyScope } from "../../store/scope.ts";
import type { CallDb } from "../../store/store.ts";

/** What operations work with. */
export interface StaffContext {
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
  readonly presence: Presence;
  /** In which passwords are hashed and compared. */
  readonly turns: Turns;
  /** What secrets are sealed with, and e-mail addresses digested, once the database can be used. */
  readonly secretBox: () => Promise<SecretBox>;
  /** Where webhooks may go. */
  readonly destinations: Destinations;
  /** How long a search may look, in milliseconds, before it answers what it has found so far. */
  readonly searchTime: number;
}

export interface VisitorCall<Input> {
  readonly input: Input;
  readonly visitor: Visitor;
  /** The request's own: it ends with the request's deadline. */
  readonly db: CallDb;
}

export interface StaffCall<Input> extends VisitorCall<Input> {
  readonly caller: StaffCaller;
  /** The properties at which the caller has the operation's right; a caller who has it nowhere gets no further. */
  readonly scope: PropertyScope;
}

export interface StaffAnswer {
  readonly body: object;
  /** The secret of a session to be set as the cookie; null takes it away. */
  readonly session?: string | null;
  /** The value of the device's cookie from now on. */
  readonly device?: string;
}

/** A row of the operation table: what it needs to be allowed, and what carries it out. */
export interface StaffOperation {
  readonly description: OperationDescription<Type.TSchema, Type.TSchema>;
  /** "anyone" needs no session, "signedIn" no right. */
  readonly access: "anyone" | "signedIn" | Right;
  readonly run: (
    context: StaffContext,
    call: VisitorCall<unknown> & { readonly caller: StaffCaller | undefined },
  ) => Promise<StaffAnswer>;
}

/** An operation for people who are not signed in. */
export function openOperation<Input extends Type.TSchema, Output extends Type.TSchema>(
  description: OperationDescription<Input, Output>,
  run: (context: StaffContext, call: VisitorCall<Type.Static<Input>>) => Promise<StaffAnswer>,
): StaffOperation {
  const check: Check<Type.Static<Input>> = checkOf(description.input);
  return {
    description,
    access: "anyone",
    run: (context, { input, visitor, db }) => run(context, { input: check(input), visitor, db }),
  };
}

/** An operation for people with a right, or for whoever is signed in. */
export function staffOperation<Input extends Type.TSchema, Output extends Type.TSchema>(
  description: OperationDescription<Input, Output>,
  access: "signedIn" | Right,
  run: (context: StaffContext, call: StaffCall<Type.Static<Input>>) => Promise<StaffAnswer>,
): StaffOperation {
  const check: Check<Type.Static<Input>> = checkOf(description.input);
  return {
    description,
    access,
    run: async (context, { caller, input, ...call }) => {
      if (!caller) throw new Error("The routes let nobody in who is not signed in.");
      const scope = access === "signedIn" ? everywhere(caller) : mustHave(caller, access);
      return run(context, { ...call, caller, scope, input: check(input) });
    },
  };
}

function everywhere({ properties }: StaffCaller): PropertyScope {
  return { clientId: null, enterpriseIds: properties.map(({ id }) => id) };
}
