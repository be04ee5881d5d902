import { invalid } from "../core/problem.ts";
import {
  changeDirectory,
  enableEnterprise,
  insertEnterprise,
  type NewEnterprise,
} from "../store/directory/directory.ts";
import type { Administrator } from "./administrator.ts";

type Keeper = Pick<Administrator, "db" | "clock" | "newIdentifier">;

/**
 * Adds a property.
 * @returns its id
 * @throws Problem (invalid) for what is no time zone or language
 */
export async function addEnterprise(
  { db, clock, newIdentifier }: Keeper,
  enterprise: Omit<NewEnterprise, "id" | "created">,
): Promise<string> {
  const { timeZoneIdentifier, defaultLanguageCode } = enterprise;
  if (!isTimeZone(timeZoneIdentifier)) {
    throw invalid(`"${timeZoneIdentifier}" is not an IANA time zone such as Europe/Prague.`);
  }
  if (!isLanguage(defaultLanguageCode)) {
    throw invalid(`"${defaultLanguageCode}" is not a language code such as en-US.`);
  }
  const id = newIdentifier();
  await changeDirectory(db, (transaction) => insertEnterprise(transaction, { ...enterprise, id, created: clock() }));
  return id;
}

/** Opens a property to integrations and people, or closes it. @throws Problem (invalid) for an unknown one */
export async function setEnterpriseEnabled(
  { db, clock }: Pick<Administrator, "db" | "clock">,
  id: string,
  isEnabled: boolean,
) {
  await changeDirectory(db, (transaction) => enableEnterprise(transaction, id, isEnabled, clock()));
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export function isLanguage(code: string): boolean {
  try {
    Intl.getCanonicalLocales(code);
    return true;
  } catch {
    return false;
  }
}
