import { after } from "node:test";

/** Where hooks are left that run at the end: the context of a test, or anything else that has one. */
export interface Scope {
  after(hook: () => void | Promise<void>): void;
}

/** The whole file, for what its tests share. To be made before any of them runs; hooks run in the order they were left. */
export function fileScope(): Scope {
  const hooks: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const hook of hooks) await hook();
  });
  return { after: (hook) => void hooks.push(hook) };
}
