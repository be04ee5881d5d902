import { firstRow, type Reader } from "../db.ts";
import { query } from "../query.ts";
import type { StaffUserRow } from "../rows.ts";

export const queries = {
  worksAt: query<Pick<StaffUserRow, "id">, { userId: string; enterpriseId: string }>`
    SELECT person.id FROM staff_user AS person
    WHERE person.id = :userId AND person.is_enabled AND (
      person.is_owner
      OR EXISTS (SELECT 1 FROM staff_membership WHERE user_id = :userId AND enterprise_id = :enterpriseId))`,
};

/** Whether a person may be given the threads of a property. */
export async function worksAt(reader: Reader, userId: string, enterpriseId: string): Promise<boolean> {
  return (await firstRow(reader, queries.worksAt, { userId, enterpriseId })) !== undefined;
}
