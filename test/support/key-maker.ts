import { openSecretBox } from "../../src/secret-key.ts";
import type { Db, Transaction } from "../../src/store/db.ts";

/** A process that opens the key file of each path that it is sent, and answers what tells the key from others. */
const transaction: Transaction = { all: async () => [], run: async () => undefined, script: async () => undefined };
const newDatabase: Db = {
  all: transaction.all,
  snapshot: (work) => work(transaction),
  transaction: (work) => work(transaction),
  close: () => undefined,
};

process.on("message", async (secretKeyFile: string) => {
  const place = { database: "sqlite:innbox.db", secretKey: undefined, secretKeyFile };
  const { keyCheck } = await openSecretBox(place, newDatabase);
  process.send?.(Buffer.from(keyCheck).toString("hex"));
});
process.send?.("ready");
