import { startShared } from "./postgres.ts";
import type { OwnedServer } from "./postgres-server.ts";

let server: OwnedServer | undefined;

/** Node's test runner calls this once, before all test files, whose processes inherit its environment. */
export async function globalSetup(): Promise<void> {
  server = await startShared();
  server.unref();
}

/** After all test files. A run that is interrupted or killed does not come here; its server ends all the same. */
export async function globalTeardown(): Promise<void> {
  await server?.discard();
}
