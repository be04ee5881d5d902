import { addClient, setClientEnabled } from "../../administration/clients.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import {
  addClient as addDescription,
  type ClientRecord,
  enableClient,
  getAllClients,
} from "../../protocol/staff/installation.ts";
import { type ListedClient, listClients } from "../../store/directory/directory.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const getAll = staffOperation(getAllClients, "installation", async (_context, { db }) => {
  const rows = await listClients(db);
  return { body: { Clients: rows.map(clientOf) } };
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

function clientOf({ id, name, is_enabled, created }: ListedClient): ClientRecord {
  return { Id: id, Name: name, IsEnabled: is_enabled === 1, CreatedUtc: formatDateTime(created) };
}
