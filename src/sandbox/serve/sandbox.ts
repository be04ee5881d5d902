import { sandboxRoutes } from "../../api/sandbox/sandbox-routes.ts";
import { sandboxStaffOperations } from "../../api/sandbox/staff.ts";
import type { Sandbox } from "../../app.ts";
import { demoTokens, seedDemoWorld } from "../demo/demo-world.ts";
import { seedDemoInbox } from "../demo/inbox.ts";

/** The published demo world on a server of its own, and its staff. */
export const sandbox: Sandbox = {
  prepare: seedDemoWorld,
  addRoutes: (server, { store, ...parts }) =>
    sandboxRoutes(server, sandboxStaffOperations, async ({ deadline }) => ({ ...parts, db: store.until(deadline) })),
  publicTokens: demoTokens,
};

/** The same with people at the properties, and what guests have written to them. */
export const livelySandbox: Sandbox = {
  ...sandbox,
  prepare: async (parts) => {
    await seedDemoWorld(parts);
    await seedDemoInbox(parts);
  },
};
