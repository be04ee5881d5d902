import { addEnterprise, setEnterpriseEnabled } from "../../administration/enterprises.ts";
import { propertyRecord } from "../../administration/records.ts";
import { addProperty, enableProperty, getAllProperties } from "../../protocol/staff/installation.ts";
import { updateProperty } from "../../protocol/staff/properties.ts";
import { propertyAnswers } from "../../staff/answers.ts";
import { narrowed } from "../../staff/sign-in/caller.ts";
import { changeDirectory, listEnterprises } from "../../store/directory/directory.ts";
import { setReplyTarget } from "../../store/staff/staff-properties.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const update = staffOperation(updateProperty, "settings", async (_context, { caller, scope, input, db }) => {
  const [enterpriseId = ""] = narrowed(scope, [input.EnterpriseId]).enterpriseIds;
  const reply_target_minutes = input.ReplyTargetMinutes;
  await changeDirectory(db, (transaction) => setReplyTarget(transaction, enterpriseId, reply_target_minutes));
  const properties = caller.properties.map((property) =>
    property.id === enterpriseId ? { ...property, reply_target_minutes } : property,
  );
  return { body: { Properties: propertyAnswers(properties) } };
});

const getAll = staffOperation(getAllProperties, "installation", async (_context, { db }) => {
  const rows = await listEnterprises(db);
  return { body: { Properties: rows.map(propertyRecord) } };
});

const add = staffOperation(addProperty, "installation", async (context, { input, db }) => {
  const id = await addEnterprise(
    { ...context, db },
    {
      name: input.Name.trim(),
      timeZoneIdentifier: input.TimeZoneIdentifier ?? "UTC",
      defaultLanguageCode: input.DefaultLanguageCode ?? "en-US",
    },
  );
  return { body: { EnterpriseId: id } };
});

const enable = staffOperation(enableProperty, "installation", async (context, { input, db }) => {
  await setEnterpriseEnabled({ ...context, db }, input.EnterpriseId.toLowerCase(), input.IsEnabled);
  return { body: {} };
});

/** What a property's managers settle for it, and which properties the owners have. */
export const propertyOperations: readonly StaffOperation[] = [update, getAll, add, enable];
