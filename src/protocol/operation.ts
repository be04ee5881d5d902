import type Type from "typebox";

/** One operation as it is published: what validates it, what its types are, and what documents it. */
export interface OperationDescription<
  Input extends Type.TSchema = Type.TSchema,
  Output extends Type.TSchema = Type.TSchema,
> {
  readonly resource: string;
  readonly action: string;
  readonly summary: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  /** The published request, without the credentials, and the published answer. */
  readonly example: { readonly request: object; readonly answer: object };
  /** Takes an `Idempotency-Key` header (contract, section 5). */
  readonly isIdempotent?: boolean;
  /** A list, which is answered 204 when it is empty and `Prefer: return=minimal` was sent. */
  readonly hasMinimalAnswer?: boolean;
  /** Goes beyond the published API altogether. */
  readonly isExtension?: boolean;
  /** The fields of the request that go beyond the published API. */
  readonly extensions?: readonly string[];
}

/** As in `messages/add`: what stands behind the base path of the API. */
export function nameOf({ resource, action }: Pick<OperationDescription, "resource" | "action">): string {
  return `${resource}/${action}`;
}

/** Keeps the exact schema types of a description. */
export function describeOperation<Input extends Type.TSchema, Output extends Type.TSchema>(
  description: OperationDescription<Input, Output>,
): OperationDescription<Input, Output> {
  return description;
}

/** The answer's `Cursor`: there exactly when the request has a `Limitation` (contract, section 3). */
export const cursorDescription =
  "Identifier of the last and hence oldest item of the page, or null when the page is empty. " +
  "Answered exactly when the request has a Limitation; send it as Limitation.Cursor to get the next, older page.";
