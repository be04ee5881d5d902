import type { Sandbox } from "../app.ts";
import { seedDemoInbox } from "./demo-inbox.ts";
import { demoTokens, seedDemoWorld } from "./demo-world.ts";
import { staffRoutes } from "./staff.ts";

/** All that a sandbox adds to a server: the published demo world, and nothing that is not published. */
export const sandbox: Sandbox = { prepare: seedDemoWorld, addRoutes: staffRoutes, publicTokens: demoTokens };

/** The same with people at the properties, and what guests have written to them. */
export const livelySandbox: Sandbox = {
  ...sandbox,
  prepare: async (parts) => {
    await seedDemoWorld(parts);
    await seedDemoInbox(parts);
  },
};
