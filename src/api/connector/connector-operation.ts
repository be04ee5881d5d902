import type Type from "typebox";
import type { Clock } from "../../core/clock.ts";
import type { IdentifierSource } from "../../core/identifiers.ts";
import type { OperationDescription } from "../../protocol/operation.ts";
import type { CallDb } from "../../store/store.ts";
import type { Idempotency } from "../../store/writing/idempotency-keys.ts";
import type { Written } from "../../store/writing/writes.ts";
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
  readonly idempotency: Omit<Idempotency, "answer"> | undefined;
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

/** What an `add` answers: `answer` of what was written, or the first answer again. */
export function writtenAnswer({ documents, replayed }: Written, answer: Idempotency["answer"]): Answer {
  return replayed === undefined ? { body: answer(documents) } : { body: replayed, isReplayed: true };
}
