import type Type from "typebox";
import type { OperationDescription } from "../../protocol/operation.ts";
import type { WorldContext } from "../../sandbox/worlds/world.ts";
import { type Operation, operation, type Run } from "../operation.ts";

/** One request to the sandbox's own API, as far as its sender matters. */
export interface SandboxCall {
  readonly address: string;
  readonly userAgent: string;
}

/** `Context` is what an operation works with: for most of them, a world. */
export interface SandboxOperation<Context = WorldContext> extends Operation<Context, SandboxCall> {
  /** Takes as long as it takes, as what is done to whole worlds does. It is never answered 408. */
  readonly isUnlimited: boolean;
}

export function sandboxOperation<Input extends Type.TSchema, Context = WorldContext>(
  description: OperationDescription<Input>,
  run: Run<Context, SandboxCall, Type.Static<Input>>,
): SandboxOperation<Context> {
  return { isUnlimited: false, ...operation(description, run) };
}

/** The same for what takes as long as it takes. */
export function unlimitedOperation<Input extends Type.TSchema, Context = WorldContext>(
  description: OperationDescription<Input>,
  run: Run<Context, SandboxCall, Type.Static<Input>>,
): SandboxOperation<Context> {
  return { isUnlimited: true, ...operation(description, run) };
}
