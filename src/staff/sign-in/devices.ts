import { timingSafeEqual } from "node:crypto";
import { days, type Microseconds } from "../../core/clock.ts";
import { newSecret, tokenDigest } from "../../core/tokens.ts";
import type { Reader, Transaction } from "../../store/db.ts";
import { deleteDevices, devicesOf, isDevice, keepDevice } from "../../store/staff/devices.ts";

/** How long a device is remembered after somebody has signed in with it. */
export const deviceLifetime = days(180);

/** How many people may share a device and each be known there. */
const maxSecrets = 8;

/** The secrets in the value of a device's cookie: one for each person who has signed in with it. */
export function deviceSecrets(cookie: string | undefined): readonly string[] {
  const secrets = (cookie ?? "").split(".", maxSecrets);
  return secrets.filter((secret) => /^[\w-]{43}$/.test(secret));
}

/** The digest of the device, where the person has signed in with it before; `undefined` for every other one. */
export async function knownDevice(
  reader: Reader,
  person: { readonly id: string } | { readonly email: string },
  secrets: readonly string[],
): Promise<Uint8Array | undefined> {
  if (secrets.length === 0) return undefined;
  const known = await devicesOf(reader, person);
  return secrets.map(tokenDigest).find((digest) => known.some((one) => timingSafeEqual(one, digest)));
}

/** Identifies a device in which any person has signed in before; `undefined` for others. */
export async function anybodysDevice(reader: Reader, secrets: readonly string[]): Promise<string | undefined> {
  for (const secret of secrets) {
    const digest = tokenDigest(secret);
    if (await isDevice(reader, digest)) return digest.toString("base64");
  }
  return undefined;
}

/**
 * Remembers that a person has signed in with a device. Each person gets a secret of their own there: somebody who
 * signed in there before could have kept a copy of the secret of that sign-in.
 * @param secrets  what the device has so far
 * @returns the value of its cookie from now on
 */
export async function rememberDevice(
  transaction: Transaction,
  userId: string,
  secrets: readonly string[],
  now: Microseconds,
): Promise<string> {
  const known = await knownDevice(transaction, { id: userId }, secrets);
  const own = secrets.find((secret) => known && timingSafeEqual(tokenDigest(secret), known)) ?? newSecret();
  await keepDevice(transaction, userId, tokenDigest(own), now, now - deviceLifetime);
  return [own, ...secrets.filter((secret) => secret !== own)].slice(0, maxSecrets).join(".");
}

/** Forgets every device of a person but this one: somebody else may have learnt the password on any of them. */
export async function forgetOtherDevices(
  transaction: Transaction,
  userId: string,
  secrets: readonly string[],
): Promise<void> {
  await deleteDevices(transaction, userId, await knownDevice(transaction, { id: userId }, secrets));
}
