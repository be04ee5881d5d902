import { dataFile } from "../data/data-file.ts";
import { StaffData } from "../data/data-schema.ts";
import { enterprises } from "./demo-world.ts";

/** An invented person who works in the demo world, at the desk of the first of their properties. */
export type DemoPerson = ReturnType<typeof demoStaff>[number];

export const demoStaff = dataFile("staff.yaml", StaffData, (people) =>
  people.map(({ properties, ...person }) => ({ ...person, enterpriseIds: properties.map(enterpriseIdOf) })),
);

function enterpriseIdOf(property: string): string {
  return enterprises.find(({ name }) => name === property)?.id ?? "";
}
