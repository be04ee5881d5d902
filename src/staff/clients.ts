import { addClient, setClientEnabled } from "../administration/clients.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import {
  addClient as addDescription,
  type ClientRecord,
  enableClient,
  getAllClients,
} from "../protocol/staff-installation.ts";
import { type ClientRow, listClients } from "../store/directory.ts";
import { type StaffOperation, staffOperation } from "./operation.ts";

const getAll = staffOperation(getAllClients, "installation", async ({ store }, { deadline }) => {
  const rows = await listClients(store.db.until(deadline));
  return { body: { Clients: rows.map(clientOf) } };
});

const add = staffOperation(addDescription, "installation", async (context, { input }) => {
  const { id, token } = await addClient(context, input.Name.trim());
  return { body: { ClientId: id, ClientToken: token } };
});

const enable = staffOperation(enableClient, "installation", async (context, { input }) => {
  await setClientEnabled(context, input.ClientId.toLowerCase(), input.IsEnabled);
  return { body: {} };
});

/** The partners' applications. */
export const clientOperations: readonly StaffOperation[] = [getAll, add, enable];

function clientOf({ id, name, is_enabled, created }: ClientRow): ClientRecord {
  return { Id: id, Name: name, IsEnabled: is_enabled === 1, CreatedUtc: formatDateTime(created) };
}
