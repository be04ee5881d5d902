import type { Reader, Transaction } from "../db.ts";
import { listAll } from "../directory/directory.ts";
import { lateral, query } from "../query.ts";
import type { EnterpriseRow, StaffMembershipRow } from "../rows.ts";

/** A property that is enabled, as its people see it. */
export type StaffPropertyRow = Omit<EnterpriseRow, "is_enabled" | "created" | "updated">;

type RoleRow = StaffPropertyRow & Pick<StaffMembershipRow, "role">;

const columns = `
  enterprise.id, enterprise.name, enterprise.time_zone_identifier, enterprise.default_language_code,
  enterprise.reply_target_minutes`;

export const queries = {
  page: query<StaffPropertyRow, { after: string }>`
    SELECT ${columns} FROM enterprise
    WHERE enterprise.is_enabled AND enterprise.id > :after ORDER BY enterprise.id LIMIT 500`,
  ofUser: query<RoleRow, { userId: string }>`
    SELECT ${columns}, membership.role FROM staff_membership AS membership
    ${lateral("enterprise", "enterprise", "enterprise.id = membership.enterprise_id AND enterprise.is_enabled")}
    WHERE membership.user_id = :userId`,
  setReplyTarget: query<never, { enterpriseId: string; minutes: number }>`
    UPDATE enterprise SET reply_target_minutes = :minutes WHERE id = :enterpriseId`,
};

/** All that are enabled. */
export function listStaffProperties(reader: Reader): Promise<StaffPropertyRow[]> {
  return listAll((after) => reader.all(queries.page, { after }));
}

/** Those at which a person has a role. */
export function staffPropertiesOf(reader: Reader, userId: string): Promise<RoleRow[]> {
  return reader.all(queries.ofUser, { userId });
}

export async function setReplyTarget(transaction: Transaction, enterpriseId: string, minutes: number): Promise<void> {
  await transaction.run(queries.setReplyTarget, { enterpriseId, minutes });
}
