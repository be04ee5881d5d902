import { openSecretBox } from "../../../src/ops/secret-key.ts";
import type { Db, Readers, Transaction } from "../../../src/store/db.ts";

/** A process that opens the key file of each path that it is sent, and answers what tells the key from others. */
const nothing = async () => undefined;
const transaction: Transaction = {
  all: async () => [],
  run: nothing,
  insert: nothing,
  update: nothing,
  script: nothing,
};
const readers: Readers = { all: transaction.all, snapshot: (work) => work(transaction) };
const newDatabase: Db = {
  ...readers,
  engine: "sqlite",
  maxTransactions: 1,
  until: (deadline) => ({ ...newDatabase, deadline }),
  searchReader: () => readers,
  transaction: (work) => work(transaction),
  damage: () => undefined,
  notify: () => undefined,
  onNotification: () => undefined,
  close: nothing,
};

process.on("message", async (secretKeyFile: string) => {
  const place = { database: "sqlite:innbox.db", secretKey: undefined, secretKeyFile };
  const { keyCheck } = await openSecretBox(place, newDatabase);
  process.send?.(Buffer.from(keyCheck).toString("hex"));
});
process.send?.("ready");
