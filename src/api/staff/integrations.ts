import {
  addIntegration,
  deleteIntegration,
  rotateAccessToken,
  setIntegrationEnabled,
} from "../../administration/integrations.ts";
import { integrationRecord } from "../../administration/records.ts";
import { seconds } from "../../core/clock.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import * as descriptions from "../../protocol/staff/installation.ts";
import { listIntegrations } from "../../store/directory/directory.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const { defaultOverlapSeconds } = descriptions;

const getAll = staffOperation(descriptions.getAllIntegrations, "installation", async ({ clock }, { db }) => {
  const rows = await listIntegrations(db, clock());
  return { body: { Integrations: rows.map(integrationRecord) } };
});

const add = staffOperation(descriptions.addIntegration, "installation", async (context, { input, db }) => {
  const enterpriseIds = [...new Set(input.EnterpriseIds.map((id) => id.toLowerCase()))];
  const { id, accessToken } = await addIntegration({ ...context, db }, input.ClientId.toLowerCase(), enterpriseIds);
  return { body: { IntegrationId: id, AccessToken: accessToken } };
});

const enable = staffOperation(descriptions.enableIntegration, "installation", async (context, { input, db }) => {
  await setIntegrationEnabled({ ...context, db }, input.IntegrationId.toLowerCase(), input.IsEnabled);
  return { body: {} };
});

const rotate = staffOperation(descriptions.rotateToken, "installation", async (context, { input, db }) => {
  const now = context.clock();
  const oldExpires = now + seconds(input.OverlapSeconds ?? defaultOverlapSeconds);
  const token = await rotateAccessToken({ ...context, db }, input.IntegrationId.toLowerCase(), now, oldExpires);
  return { body: { AccessToken: token, OldTokenExpiresUtc: formatDateTime(oldExpires) } };
});

const remove = staffOperation(descriptions.deleteIntegration, "installation", async (context, { input, db }) => {
  await deleteIntegration({ ...context, db }, input.IntegrationId.toLowerCase());
  return { body: {} };
});

/** Which client is connected to which property. */
export const integrationOperations: readonly StaffOperation[] = [getAll, add, enable, rotate, remove];
