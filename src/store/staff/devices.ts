import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";

/** A browser in which a person has signed in, by the digest of the secret in its cookie. */
interface DeviceRow {
  readonly digest: Uint8Array;
}

/** How many devices of a person are remembered at most: those that were used last. */
const maxDevices = 50;

export const queries = {
  ofUser: "SELECT digest FROM staff_device WHERE user_id = ?1",
  known: "SELECT 1 AS found FROM staff_device WHERE digest = ?1 LIMIT 1",
  ofEmail: `
    SELECT device.digest FROM staff_user AS person CROSS JOIN staff_device AS device ON device.user_id = person.id
    WHERE person.email = ?1`,
  keep: `
    INSERT INTO staff_device (user_id, digest, created, last_used) VALUES (?1, ?2, ?3, ?3)
    ON CONFLICT (digest, user_id) DO UPDATE SET last_used = excluded.last_used`,
  deleteOthers: "DELETE FROM staff_device WHERE user_id = ?1 AND digest <> ?2",
  removeSurplus: `
    DELETE FROM staff_device WHERE user_id = ?1 AND last_used <= (
      SELECT last_used FROM staff_device WHERE user_id = ?1 ORDER BY last_used DESC LIMIT 1 OFFSET ${maxDevices}
    )`,
  // A few at a time, as each new device pays for it.
  removeOld: `
    DELETE FROM staff_device
    WHERE last_used <= (
      SELECT max(last_used) FROM (
        SELECT last_used FROM staff_device WHERE last_used < ?1 ORDER BY last_used LIMIT 8
      ) AS oldest)`,
};

/** The digests of all devices of a person. */
export async function devicesOf(reader: Reader, person: { readonly id: string } | { readonly email: string }) {
  const rows =
    "id" in person
      ? await reader.all<DeviceRow>(queries.ofUser, person.id)
      : await reader.all<DeviceRow>(queries.ofEmail, person.email);
  return rows.map(({ digest }) => digest);
}

/** Whether it is the digest of anybody's device. */
export async function isDevice(reader: Reader, digest: Uint8Array): Promise<boolean> {
  return (await firstRow(reader, queries.known, digest)) !== undefined;
}

/**
 * Remembers that a person has signed in with a device.
 * @param unusedSince  devices that nobody has signed in with since then are removed, a few at a time
 */
export async function keepDevice(
  transaction: Transaction,
  userId: string,
  digest: Uint8Array,
  now: Microseconds,
  unusedSince: Microseconds,
): Promise<void> {
  await transaction.run(queries.removeOld, unusedSince);
  await transaction.run(queries.keep, userId, digest, now);
  await transaction.run(queries.removeSurplus, userId);
}

/** Forgets the devices of a person, but for one that may be named. */
export async function deleteDevices(transaction: Transaction, userId: string, but?: Uint8Array): Promise<void> {
  await transaction.run(queries.deleteOthers, userId, but ?? new Uint8Array());
}
