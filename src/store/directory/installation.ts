import { nilIdentifier } from "../../core/identifiers.ts";
import { unavailable } from "../../core/problem.ts";
import { mustBeWhole } from "../copy/progress.ts";
import { type Db, firstRow, type Reader, type Transaction } from "../db.ts";
import { postgresOnly, query } from "../query.ts";
import type { InstallationRow } from "../rows.ts";

export type InstallationKind = NonNullable<InstallationRow["kind"]>;

type SecretKeyCheck = Pick<InstallationRow, "secret_key_check">;

export const queries = {
  kind: query<Pick<InstallationRow, "kind">>`SELECT kind FROM installation WHERE id = 1`,
  use: query<Pick<InstallationRow, "kind"> & { readonly is_used: 0 | 1 }>`
    SELECT kind,
      EXISTS (SELECT 1 FROM client WHERE id > '${nilIdentifier}')
        OR EXISTS (SELECT 1 FROM enterprise WHERE id > '${nilIdentifier}')
        OR EXISTS (SELECT 1 FROM staff_user WHERE id > '${nilIdentifier}') AS is_used
    FROM installation WHERE id = 1 ${postgresOnly("FOR UPDATE OF installation")}`,
  setKind: query<never, { kind: InstallationKind }>`UPDATE installation SET kind = :kind WHERE id = 1`,
  secretKeyCheck: query<SecretKeyCheck>`SELECT secret_key_check FROM installation WHERE id = 1`,
  lockedSecretKeyCheck: query<SecretKeyCheck>`
    SELECT secret_key_check FROM installation WHERE id = 1 ${postgresOnly("FOR UPDATE")}`,
  forgetSecretKeyCheck: query`UPDATE installation SET secret_key_check = NULL WHERE id = 1`,
  setSecretKeyCheck: query<never, { check: Uint8Array }>`
    UPDATE installation SET secret_key_check = :check WHERE id = 1`,
};

const refusals: Readonly<Record<InstallationKind, string>> = {
  sandbox: "This database belongs to a property's own installation, and the sandbox would open it to public tokens.",
  production: "This database is a sandbox and knows the published demo tokens, so no real installation opens it.",
};

/**
 * Settles, once and for all, whether the database is a sandbox, which knows public tokens, or a real installation.
 * @throws Problem (unavailable) when it is of the other kind
 */
export async function claimInstallation(db: Db, kind: InstallationKind): Promise<void> {
  return db.transaction(async (transaction) => {
    const current = await kindOf(transaction);
    await mustBeWhole(transaction);
    if (current === kind) return;
    if (current !== null) throw unavailable(refusals[kind], undefined, { code: "databaseOfOthers" });
    await transaction.run(queries.setKind, { kind });
  });
}

/** What it is so far; `null` for a database that no server has opened yet. */
export async function installationKind(reader: Reader): Promise<InstallationKind | null> {
  const row = await firstRow(reader, queries.kind);
  return row?.kind ?? null;
}

/**
 * Settles, once and for all, with which key the database's secrets are sealed.
 * @param check  what tells keys apart without telling the key
 * @throws Problem (unavailable) when it is another one
 */
export async function claimSecretKey(db: Db, check: Uint8Array): Promise<void> {
  const claimed = await secretKeyCheck(db);
  if (claimed) return mustBeSame(claimed, check);
  await db.transaction(async (transaction) => {
    const claimed = await secretKeyCheck(transaction, queries.lockedSecretKeyCheck);
    if (claimed) mustBeSame(claimed, check);
    else await transaction.run(queries.setSecretKeyCheck, { check });
  });
}

/** Whether it is settled with which key the database's secrets are sealed. */
export async function isSecretKeyClaimed(db: Db): Promise<boolean> {
  return (await secretKeyCheck(db)) !== undefined;
}

/** Lets the next server that starts settle on another key. */
export async function forgetSecretKey(transaction: Transaction): Promise<void> {
  await transaction.run(queries.forgetSecretKeyCheck);
}

async function secretKeyCheck(reader: Reader, check = queries.secretKeyCheck): Promise<Uint8Array | undefined> {
  const row = await firstRow(reader, check);
  return row?.secret_key_check ?? undefined;
}

function mustBeSame(claimed: Uint8Array, check: Uint8Array): void {
  if (Buffer.compare(claimed, check) === 0) return;
  throw unavailable("The secrets in this database were sealed with another key.", undefined, {
    code: "secretKeyOther",
  });
}

/** A database that was filled by hand is a real installation, whether or not it was served yet. */
async function kindOf(transaction: Transaction): Promise<InstallationKind | null> {
  const row = await firstRow(transaction, queries.use);
  if (row?.kind) return row.kind;
  return row?.is_used ? "production" : null;
}
