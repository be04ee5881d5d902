import type Type from "typebox";
import type { Clock } from "../../core/clock.ts";
import type { IdentifierSource } from "../../core/identifiers.ts";
import type { Command } from "../../messaging/commands.ts";
import { type AnswerFrame, framed } from "../../messaging/documents.ts";
import type { OperationDescription } from "../../protocol/operation.ts";
import type { CallDb } from "../../store/store.ts";
import type { IdempotencyKey } from "../../store/writing/writes.ts";
import { type Answer, type Operation, operation, type Run } from "../operation.ts";
import type { Caller } from "./authentication.ts";

/** What the operations of the Connector API work with. */
export interface ConnectorContext {
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
}

/** One authenticated request. */
export interface ConnectorCall {
  readonly caller: Caller;
  /** The request's `Idempotency-Key` and the digest of its body, on operations that take one. */
  readonly idempotencyKey: IdempotencyKey | undefined;
  /** The request's own: it ends with the request's deadline. */
  readonly db: CallDb;
}

export type ConnectorOperation = Operation<ConnectorContext, ConnectorCall>;

export function connectorOperation<Input extends Type.TSchema>(
  description: OperationDescription<Input>,
  run: Run<ConnectorContext, ConnectorCall, Type.Static<Input>>,
): ConnectorOperation {
  return operation(description, run);
}

/**
 * Has a command carried out once, however often the request is repeated, and answers what it made.
 * @param frame  what the answer has around the documents; it is kept with them, so that a repetition is answered alike
 */
export async function answerOnce(
  { caller, db, idempotencyKey }: ConnectorCall,
  command: Command,
  frame: AnswerFrame,
): Promise<Answer> {
  const idempotency = idempotencyKey && { ...idempotencyKey, frame };
  const { documents, replayed } = await db.write({ scope: caller.scope, command, idempotency });
  return replayed === undefined ? { body: framed(frame, documents) } : { body: replayed, isReplayed: true };
}
