import type { Db } from "../../src/store/db.ts";
import type { Scope } from "./scope.ts";

export interface GatedDatabase {
  readonly db: Db;
  /** Lets no transaction begin from now on. */
  shut(): void;
  open(): void;
}

/** A server's handle on its database whose transactions a test can hold back, so that another server does the work. */
export function gatedDatabase(t: Scope, db: Db): GatedDatabase {
  let gate = Promise.withResolvers<void>();
  const open = () => gate.resolve();
  open();
  t.after(open);
  return {
    db: {
      ...db,
      transaction: async (work, milliseconds) => {
        await gate.promise;
        return db.transaction(work, milliseconds);
      },
    },
    shut: () => {
      gate = Promise.withResolvers();
    },
    open,
  };
}
