import { authentication } from "../../src/api/connector/authentication.ts";
import { systemClock } from "../../src/core/clock.ts";
import { uuidv7Source } from "../../src/core/identifiers.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { openStore } from "../../src/store/store.ts";
import { loadArguments, printRate } from "./rate.ts";

/**
 * What the store carries without HTTP: callers in a loop that open threads by the same statements, and with the same
 * settings, as a server does for requests. Prints threads per second.
 */
const { database, seconds } = loadArguments();
const store = openStore(database, systemClock);
const newIdentifier = uuidv7Source(systemClock);
const authenticate = authentication(store.db, systemClock);
const credentials = { ...demoTokens, Client: "Bench 1.0.0" };
let opened = 0;

async function openThreads(): Promise<never> {
  for (;;) {
    const { scope, primaryEnterprise } = await authenticate(credentials);
    const thread = { id: newIdentifier(), originalSender: "John Doe", subject: "Example subject" };
    const place = { clientId: scope.clientId, enterpriseId: primaryEnterprise.id };
    await store.write({ scope, command: { kind: "openThread", ...place, ...thread } });
    opened += 1;
  }
}

await printRate(
  () => void openThreads(),
  () => opened,
  seconds,
);
