import type { Db } from "../../../src/store/db.ts";
import type { Scope } from "../run/scope.ts";

export interface GatedDatabase {
  readonly db: Db;
  /** Lets no transaction begin from now on. Resolves once those that had begun have ended. */
  shut(): Promise<void>;
  open(): void;
}

/** A server's handle on its database whose transactions a test can hold back, so that another server does the work. */
export function gatedDatabase(t: Scope, db: Db): GatedDatabase {
  let gate = Promise.withResolvers<void>();
  const begun = new Set<Promise<unknown>>();
  const open = () => gate.resolve();
  open();
  t.after(open);
  return {
    db: {
      ...db,
      transaction: async (work, milliseconds) => {
        // It may have been shut again before what waited for it goes on.
        for (let awaited: typeof gate | undefined; awaited !== gate; await awaited.promise) awaited = gate;
        const transaction = db.transaction(work, milliseconds);
        begun.add(transaction);
        return transaction.finally(() => begun.delete(transaction));
      },
    },
    shut: async () => {
      gate = Promise.withResolvers();
      await Promise.allSettled(begun);
    },
    open,
  };
}
