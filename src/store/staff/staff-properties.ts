import type { Role } from "../../protocol/staff/people.ts";
import type { Reader, Transaction } from "../db.ts";
import { listAll } from "../directory/directory.ts";

/** A property that is enabled, as its people see it. */
export interface StaffPropertyRow {
  readonly id: string;
  readonly name: string;
  readonly time_zone_identifier: string;
  readonly default_language_code: string;
  readonly reply_target_minutes: number;
}

const columns = `
  enterprise.id, enterprise.name, enterprise.time_zone_identifier, enterprise.default_language_code,
  enterprise.reply_target_minutes`;

export const queries = {
  page: `
    SELECT ${columns} FROM enterprise
    WHERE enterprise.is_enabled AND enterprise.id > ?1 ORDER BY enterprise.id LIMIT 500`,
  ofUser: `
    SELECT ${columns}, membership.role FROM staff_membership AS membership
    CROSS JOIN enterprise ON enterprise.id = membership.enterprise_id AND enterprise.is_enabled
    WHERE membership.user_id = ?1`,
  setReplyTarget: "UPDATE enterprise SET reply_target_minutes = ?2 WHERE id = ?1",
};

/** All that are enabled. */
export function listStaffProperties(reader: Reader): Promise<StaffPropertyRow[]> {
  return listAll<StaffPropertyRow>(reader, queries.page);
}

/** Those at which a person has a role. */
export function staffPropertiesOf(reader: Reader, userId: string) {
  return reader.all<StaffPropertyRow & { readonly role: Role }>(queries.ofUser, userId);
}

export async function setReplyTarget(transaction: Transaction, enterpriseId: string, minutes: number): Promise<void> {
  await transaction.run(queries.setReplyTarget, enterpriseId, minutes);
}
