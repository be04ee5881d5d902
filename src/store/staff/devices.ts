import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { lateral, query } from "../query.ts";
import type { StaffDeviceRow } from "../rows.ts";

/** A browser in which a person has signed in, by the digest of the secret in its cookie. */
type Device = Pick<StaffDeviceRow, "digest">;

/** How many devices of a person are remembered at most: those that were used last. */
const maxDevices = 50;

export const queries = {
  ofUser: query<Device, { userId: string }>`SELECT digest FROM staff_device WHERE user_id = :userId`,
  known: query<{ readonly found: 1 }, { digest: Uint8Array }>`
    SELECT 1 AS found FROM staff_device WHERE digest = :digest LIMIT 1`,
  ofEmail: query<Device, { email: string }>`
    SELECT device.digest FROM staff_user AS person
    ${lateral("staff_device", "device", "device.user_id = person.id")}
    WHERE person.email = :email`,
  keep: query<never, { userId: string; digest: Uint8Array; now: Microseconds }>`
    INSERT INTO staff_device (user_id, digest, created, last_used) VALUES (:userId, :digest, :now, :now)
    ON CONFLICT (digest, user_id) DO UPDATE SET last_used = excluded.last_used`,
  deleteOthers: query<never, { userId: string; digest: Uint8Array }>`
    DELETE FROM staff_device WHERE user_id = :userId AND digest <> :digest`,
  removeSurplus: query<never, { userId: string }>`
    DELETE FROM staff_device WHERE user_id = :userId AND last_used <= (
      SELECT last_used FROM staff_device WHERE user_id = :userId ORDER BY last_used DESC LIMIT 1 OFFSET ${maxDevices}
    )`,
  // A few at a time, as each new device pays for it.
  removeOld: query<never, { unusedSince: Microseconds }>`
    DELETE FROM staff_device
    WHERE last_used <= (
      SELECT max(last_used) FROM (
        SELECT last_used FROM staff_device WHERE last_used < :unusedSince ORDER BY last_used LIMIT 8
      ) AS oldest)`,
};

/** The digests of all devices of a person. */
export async function devicesOf(reader: Reader, person: { readonly id: string } | { readonly email: string }) {
  const rows =
    "id" in person
      ? await reader.all(queries.ofUser, { userId: person.id })
      : await reader.all(queries.ofEmail, { email: person.email });
  return rows.map(({ digest }) => digest);
}

/** Whether a device of any person has this digest. */
export async function isDevice(reader: Reader, digest: Uint8Array): Promise<boolean> {
  return (await firstRow(reader, queries.known, { digest })) !== undefined;
}

/**
 * Remembers that a person has signed in with a device.
 * @param unusedSince  devices with which no person has signed in since then are removed, a few at a time
 */
export async function keepDevice(
  transaction: Transaction,
  userId: string,
  digest: Uint8Array,
  now: Microseconds,
  unusedSince: Microseconds,
): Promise<void> {
  await transaction.run(queries.removeOld, { unusedSince });
  await transaction.run(queries.keep, { userId, digest, now });
  await transaction.run(queries.removeSurplus, { userId });
}

/** Forgets the devices of a person, but for one that may be named. */
export async function deleteDevices(transaction: Transaction, userId: string, but?: Uint8Array): Promise<void> {
  await transaction.run(queries.deleteOthers, { userId, digest: but ?? new Uint8Array() });
}
