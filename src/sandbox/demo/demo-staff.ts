import type { Role } from "../../protocol/staff/people.ts";

/** Somebody invented who works in the demo world. */
export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role | "Owner";
  /** Where they work, the one where they are found at the desk first. */
  readonly enterpriseIds: readonly [string, ...string[]];
}

const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const third = "4d0201db-36f5-428b-8d11-4f0a65e960cc";

/** Two at the desk of each property; one of the six owns all three. */
export const demoStaff: readonly DemoPerson[] = [
  person("1", "Ágnes Halmos", "agnes", "Owner", [gross, net, third]),
  person("2", "Bence Orosházi", "bence", "Manager", [gross]),
  person("3", "Klára Vondrušová", "klara", "Manager", [net]),
  person("4", "Matěj Holub", "matej", "Agent", [net]),
  person("5", "Fenna Hoekstra", "fenna", "Manager", [third]),
  person("6", "Jasper Molenaar", "jasper", "Agent", [third]),
];

function person(
  digit: string,
  name: string,
  mailbox: string,
  role: DemoPerson["role"],
  enterpriseIds: DemoPerson["enterpriseIds"],
): DemoPerson {
  const id = `0192d3a0-1c5e-7000-8000-00000000000${digit}`;
  return { id, name, email: `${mailbox}@innbox.example`, role, enterpriseIds };
}
