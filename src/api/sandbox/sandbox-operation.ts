import type Type from "typebox";
import type { OperationDescription } from "../../protocol/operation.ts";
import type { WorldContext } from "../../sandbox/worlds/world.ts";
import { type Operation, operation, type Run } from "../operation.ts";

/** What the sandbox's API knows of a request beside its input. */
export interface SandboxCall {
  readonly address: string;
  readonly userAgent: string;
}

/** `Context` is what an operation works with: for most of them, a world. */
export interface SandboxOperation<Context = WorldContext> extends Operation<Context, SandboxCall> {
  /** Has no time limit, so that it is never answered 408: what is done to whole worlds can take long. */
  readonly isUnlimited: boolean;
}

export function sandboxOperation<Input extends Type.TSchema, Context = WorldContext>(
  description: OperationDescription<Input>,
  run: Run<Context, SandboxCall, Type.Static<Input>>,
): SandboxOperation<Context> {
  return { isUnlimited: false, ...operation(description, run) };
}

/** The same without a time limit. */
export function unlimitedOperation<Input extends Type.TSchema, Context = WorldContext>(
  description: OperationDescription<Input>,
  run: Run<Context, SandboxCall, Type.Static<Input>>,
): SandboxOperation<Context> {
  return { isUnlimited: true, ...operation(description, run) };
}
