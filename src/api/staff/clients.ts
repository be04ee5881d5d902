import { addClient, setClientEnabled } from "../../administration/clients.ts";
import { clientRecord } from "../../administration/records.ts";
import { addClient as addDescription, enableClient, getAllClients } from "../../protocol/staff/installation.ts";
import { listClients } from "../../store/directory/directory.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const getAll = staffOperation(getAllClients, "installation", async (_context, { db }) => {
  const rows = await listClients(db);
  return { body: { Clients: rows.map(clientRecord) } };
});

const add = staffOperation(addDescription, "installation", async (context, { input, db }) => {
  const { id, token } = await addClient({ ...context, db }, input.Name.trim());
  return { body: { ClientId: id, ClientToken: token } };
});

const enable = staffOperation(enableClient, "installation", async (_context, { input, db }) => {
  await setClientEnabled({ db }, input.ClientId.toLowerCase(), input.IsEnabled);
  return { body: {} };
});

/** The partners' applications. */
export const clientOperations: readonly StaffOperation[] = [getAll, add, enable];
