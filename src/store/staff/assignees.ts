import { firstRow, type Reader } from "../db.ts";

export const queries = {
  worksAt: `
    SELECT person.id FROM staff_user AS person
    WHERE person.id = ?1 AND person.is_enabled AND (
      person.is_owner OR EXISTS (SELECT 1 FROM staff_membership WHERE user_id = ?1 AND enterprise_id = ?2))`,
};

/** Whether somebody may be given the threads of a property. */
export async function worksAt(reader: Reader, userId: string, enterpriseId: string): Promise<boolean> {
  return (await firstRow(reader, queries.worksAt, userId, enterpriseId)) !== undefined;
}
