import type { Readable } from "node:stream";
import type Type from "typebox";
import { type JsonShape, shapeOf } from "../http/body/json-shape.ts";
import type { OperationDescription } from "../protocol/operation.ts";
import { checkOf } from "../protocol/validation.ts";

/** A row of an API's table: an operation as it is published, and what carries it out. */
export interface Operation<Context, Call> {
  readonly description: OperationDescription;
  /** The fields that are kept of a large body; the others are not parsed. */
  readonly shape: JsonShape;
  /** @throws Problem (invalid) for an input that is not as described, and what the operation itself refuses */
  readonly run: Run<Context, Call, unknown>;
}

/**
 * Carries out one request. `Context` is what all operations of an API work with, `Call` is what the API knows of a
 * request beside its input.
 */
export type Run<Context, Call, Input> = (
  context: Context,
  call: Call & { readonly input: Input },
) => Promise<Answer> | Answer;

export interface Answer {
  /** An object, or JSON that is made already, whole or in pieces. */
  readonly body: object | string | Buffer | Readable;
  /** A list without items, which `Prefer: return=minimal` turns into 204. */
  readonly isEmptyList?: boolean;
  /** The answer to an earlier request with the same idempotency key. */
  readonly isReplayed?: boolean;
  /** `Set-Cookie` headers. */
  readonly cookies?: readonly string[];
}

/**
 * Makes a row whose `run` gets only input that is as described. Each API has a function of its own around this one,
 * which says what `Context` and `Call` are.
 */
export function operation<Context, Call, Input extends Type.TSchema>(
  description: OperationDescription<Input>,
  run: Run<Context, Call, Type.Static<Input>>,
): Operation<Context, Call> {
  const check = checkOf(description.input);
  return {
    description,
    shape: shapeOf(description.input),
    run: (context, call) => run(context, { ...call, input: check(call.input) }),
  };
}
