import type { Role } from "../../protocol/staff/people.ts";
import { dataFile } from "../data/data-file.ts";
import { StaffData } from "../data/data-schema.ts";
import { enterprises } from "./demo-world.ts";

/** An invented person who works in the demo world. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role | "Owner";
  /** Where they work; they are at the desk of the first one. */
  readonly enterpriseIds: readonly string[];
}

export const demoStaff: () => readonly DemoPerson[] = dataFile("staff.yaml", StaffData, (people) =>
  people.map(({ properties, ...person }) => ({ ...person, enterpriseIds: properties.map(enterpriseIdOf) })),
);

function enterpriseIdOf(property: string): string {
  return enterprises.find(({ name }) => name === property)?.id ?? "";
}
