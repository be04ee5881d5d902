import { unavailable } from "../errors.ts";
import { type Db, first, type Transaction } from "./db.ts";

export type InstallationKind = "sandbox" | "production";

export const queries = {
  kind: `
    SELECT kind,
      EXISTS (SELECT 1 FROM client WHERE id > '') OR EXISTS (SELECT 1 FROM enterprise WHERE id > '') AS is_used
    FROM installation WHERE id = 1`,
  setKind: "UPDATE installation SET kind = ?1 WHERE id = 1",
};

const refusals: Readonly<Record<InstallationKind, string>> = {
  sandbox:
    "This database belongs to a property's own installation, and the sandbox would open it to public tokens. " +
    "Name another one with --database.",
  production:
    "This database is a sandbox and knows the published demo tokens, so innbox serve does not open it. " +
    "Name another one with --database.",
};

/**
 * Settles, once and for all, whether the database is a sandbox, which knows public tokens, or a real installation.
 * @throws Problem (unavailable) when it is of the other kind
 */
export async function claimInstallation(db: Db, kind: InstallationKind): Promise<void> {
  return db.transaction(async (transaction) => {
    const current = await kindOf(transaction);
    if (current === kind) return;
    if (current !== null) throw unavailable(refusals[kind]);
    await transaction.run(queries.setKind, kind);
  });
}

/** A database that was filled by hand is a real installation, whether or not it was served yet. */
async function kindOf(transaction: Transaction): Promise<InstallationKind | null> {
  const row = await first<{ kind: InstallationKind | null; is_used: 0 | 1 }>(transaction, queries.kind);
  if (row?.kind) return row.kind;
  return row?.is_used ? "production" : null;
}
