import type { Sandbox } from "../app.ts";
import { demoTokens, seedDemoWorld } from "./demo-world.ts";
import { staffRoutes } from "./staff.ts";

/** All that `innbox dev` adds to a server. */
export const sandbox: Sandbox = { prepare: seedDemoWorld, addRoutes: staffRoutes, publicTokens: demoTokens };
