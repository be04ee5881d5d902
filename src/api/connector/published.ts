import Type from "typebox";
import type { Operation } from "./operation.ts";

/** The operations as they are published elsewhere: without what the contract marks with (+). */
export function publishedOperations(operations: readonly Operation[]): readonly Operation[] {
  return operations.filter(({ description }) => !description.isExtension).map(published);
}

function published({ description, check, shape, run }: Operation): Operation {
  const { extensions = [], idempotent: _ignored, ...rest } = description;
  return {
    description: { ...rest, input: Type.Omit(description.input, extensions) },
    check,
    shape,
    run: (context, call) => run(context, { ...call, input: without(call.input, extensions), idempotency: undefined }),
  };
}

function without(input: unknown, properties: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(input ?? {}).filter(([name]) => !properties.includes(name)));
}
