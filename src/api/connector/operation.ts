import type { Readable } from "node:stream";
import type Type from "typebox";
import type { Clock } from "../../core/clock.ts";
import type { IdentifierSource } from "../../core/identifiers.ts";
import { type JsonShape, shapeOf } from "../../http/body/json-shape.ts";
import type { OperationDescription } from "../../protocol/operation.ts";
import { type Check, checkOf } from "../../protocol/validation.ts";
import type { CallDb } from "../../store/store.ts";
import type { Idempotency } from "../../store/writing/idempotency-keys.ts";
import type { Written } from "../../store/writing/writes.ts";
import type { Caller } from "./authentication.ts";

/** What operations work with. */
export interface Context {
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
}

/** One authenticated request. */
export interface Call<Input> {
  readonly caller: Caller;
  readonly input: Input;
  /** The request's `Idempotency-Key` and the digest of its body, on operations that take one. */
  readonly idempotency: Omit<Idempotency, "answer"> | undefined;
  /** The request's own: it ends with the request's deadline. */
  readonly db: CallDb;
}

export interface Answer {
  /** JSON, whole or in pieces. */
  readonly body: string | Buffer | Readable;
  /** A list without items, which `Prefer: return=minimal` turns into 204. */
  readonly isEmptyList?: boolean;
  /** The answer to an earlier request with the same idempotency key. */
  readonly isReplayed?: boolean;
}

/** What an `add` answers: `answer` of what was written, or the first answer again. */
export function writtenAnswer({ documents, replayed }: Written, answer: Idempotency["answer"]): Answer {
  return replayed === undefined ? { body: answer(documents) } : { body: replayed, isReplayed: true };
}

/** A row of the operation table: a description, and what carries it out. */
export interface Operation {
  readonly description: OperationDescription<Type.TSchema, Type.TSchema>;
  readonly check: Check<unknown>;
  /** What is kept of a large body. */
  readonly shape: JsonShape;
  readonly run: (context: Context, call: Call<unknown>) => Promise<Answer>;
}

export function operation<Input extends Type.TSchema, Output extends Type.TSchema>(
  description: OperationDescription<Input, Output>,
  run: (context: Context, call: Call<Type.Static<Input>>) => Promise<Answer>,
): Operation {
  const check = checkOf(description.input);
  return {
    description,
    check,
    shape: shapeOf(description.input),
    run: (context, call) => run(context, { ...call, input: check(call.input) }),
  };
}
