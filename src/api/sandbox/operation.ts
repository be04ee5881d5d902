import type Type from "typebox";
import type { OperationDescription } from "../../protocol/operation.ts";
import { type Check, checkOf } from "../../protocol/validation.ts";
import type { WorldContext } from "../../sandbox/worlds/world.ts";

/** A request to the sandbox's own API, as far as its sender matters. */
export interface SandboxCall<Input> {
  readonly input: Input;
  /** Of this server, as the caller typed it, as in `http://localhost:8080`. */
  readonly origin: string;
  readonly address: string;
  readonly userAgent: string;
}

export interface SandboxAnswer {
  readonly body: object;
  /** A `Set-Cookie` header. */
  readonly cookie?: string;
}

/** A row of the operation table: `Context` is what carries it out, a world for most. */
export interface SandboxOperation<Context = WorldContext> {
  readonly description: OperationDescription<Type.TSchema, Type.TSchema>;
  /** Takes as long as it takes, as what is done to whole worlds does. It is never answered 408. */
  readonly isUnlimited?: true;
  readonly run: (context: Context, call: SandboxCall<unknown>) => Promise<SandboxAnswer>;
}

export function sandboxOperation<Input extends Type.TSchema, Output extends Type.TSchema, Context = WorldContext>(
  description: OperationDescription<Input, Output>,
  run: (context: Context, call: SandboxCall<Type.Static<Input>>) => Promise<SandboxAnswer> | SandboxAnswer,
): SandboxOperation<Context> {
  const check: Check<Type.Static<Input>> = checkOf(description.input);
  return {
    description,
    run: async (context, call) => run(context, { ...call, input: check(call.input) }),
  };
}

/** The same for what takes as long as it takes. */
export function unlimitedOperation<Input extends Type.TSchema, Output extends Type.TSchema, Context = WorldContext>(
  ...asked: Parameters<typeof sandboxOperation<Input, Output, Context>>
): SandboxOperation<Context> {
  return { ...sandboxOperation(...asked), isUnlimited: true };
}
