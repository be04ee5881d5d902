import { parseArgs } from "node:util";
import { systemClock } from "../src/clock.ts";
import { uuidv7Source } from "../src/identifiers.ts";
import { openThread } from "../src/messaging/conversation.ts";
import { demoTokens } from "../src/sandbox/demo-world.ts";
import { findAccess } from "../src/store/access.ts";
import { openStore } from "../src/store/store.ts";
import { tokenDigest } from "../src/tokens.ts";
import { rateOf } from "./rate.ts";

/**
 * What the store carries without HTTP: callers in a loop that open threads, as the server does for requests, with the
 * server's settings. Prints threads per second.
 */
const { values } = parseArgs({
  options: {
    database: { type: "string", default: "" },
    callers: { type: "string", default: "32" },
    seconds: { type: "string", default: "3" },
  },
});

const store = openStore(values.database, systemClock);
const newIdentifier = uuidv7Source(systemClock);
const digests = [tokenDigest(demoTokens.ClientToken), tokenDigest(demoTokens.AccessToken)] as const;
const access = await findAccess(store.db, ...digests);
if (!access) throw new Error("The demo world is missing.");
const enterpriseId = access.primary_enterprise_id;
const scope = { clientId: access.client_id, enterpriseIds: [enterpriseId] };
let opened = 0;

async function openThreads(): Promise<never> {
  for (;;) {
    const thread = { originalSender: "John Doe", subject: "Example subject" };
    await openThread({ store, newIdentifier }, { scope, enterpriseId, ...thread });
    opened += 1;
  }
}

for (let caller = 0; caller < Number(values.callers); caller += 1) void openThreads();
process.stdout.write(`${await rateOf(() => opened, Number(values.seconds))}\n`);
process.exit(0);
