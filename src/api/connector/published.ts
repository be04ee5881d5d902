import Type from "typebox";
import type { ConnectorOperation } from "./connector-operation.ts";

/** The operations as they are published elsewhere: without what the contract marks with (+). */
export function publishedOperations(operations: readonly ConnectorOperation[]): readonly ConnectorOperation[] {
  return operations.filter(({ description }) => !description.isExtension).map(published);
}

function published({ description, shape, run }: ConnectorOperation): ConnectorOperation {
  const { extensions = [], isIdempotent: _, ...rest } = description;
  return {
    description: { ...rest, input: Type.Omit(description.input, extensions) },
    shape,
    run: (context, call) =>
      run(context, { ...call, input: without(call.input, extensions), idempotencyKey: undefined }),
  };
}

function without(input: unknown, fields: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(input ?? {}).filter(([name]) => !fields.includes(name)));
}
