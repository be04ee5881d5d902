import {
  type Enterprise,
  enterpriseIntervalMonths,
  getAllEnterprises,
  getConfiguration,
  type LinkedEnterprise,
} from "../../protocol/connector/enterprises.ts";
import { always, isInRange, readOptionalInterval } from "../../protocol/connector/interval.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import type { LinkedEnterpriseRow } from "../../store/directory/access.ts";
import { isOlder, type Place, placeAt } from "../../store/lists/newest-first.ts";
import type { Caller } from "./authentication.ts";
import { connectorOperation } from "./connector-operation.ts";
import { listAnswer } from "./list-answer.ts";
import { enterpriseOf, narrowedScope } from "./scope.ts";

export const configuration = connectorOperation(getConfiguration, async ({ clock }, { caller, input }) => {
  const enterprise = enterpriseOf(caller, input.EnterpriseId);
  return {
    body: JSON.stringify({ NowUtc: formatDateTime(clock()), Enterprise: enterpriseAnswer(caller, enterprise) }),
  };
});

export const getAll = connectorOperation(getAllEnterprises, async (_context, { caller, input }) => {
  const scope = narrowedScope(caller, input.EnterpriseIds);
  const linked = readOptionalInterval("LinkedUtc", input.LinkedUtc, enterpriseIntervalMonths) ?? always;
  const updated = readOptionalInterval("UpdatedUtc", input.UpdatedUtc, enterpriseIntervalMonths) ?? always;
  // All enterprises of the access token were read with the caller, so that no query is needed here.
  const matching = caller.enterprises
    .filter((enterprise) => scope.enterpriseIds.includes(enterprise.id) && !input.ExternalIdentifiers)
    .filter((enterprise) => isInRange(enterprise.linked, linked) && isInRange(enterprise.updated, updated))
    .sort((a, b) => (isOlder(placeOf(a), placeOf(b)) ? 1 : -1));

  return listAnswer(
    {
      field: "Enterprises",
      item: "enterprise",
      placeOf: async (id) => {
        const enterprise = caller.enterprises.find((candidate) => candidate.id === id);
        return enterprise && placeOf(enterprise);
      },
      page: async (before, limit) => {
        const place = before ?? placeAt(always.to);
        const page = matching.filter((row) => isOlder(placeOf(row), place)).slice(0, limit);
        const documents = page.map((row) => JSON.stringify(linkedEnterpriseAnswer(caller, row)));
        const end = page.at(-1);
        const last = end && { id: end.id, place: placeOf(end) };
        return { documents: Buffer.from(documents.join(",")), count: page.length, last };
      },
    },
    input.Limitation,
  );
});

function placeOf({ created, id }: LinkedEnterpriseRow): Place {
  return { created, enterpriseId: id };
}

function enterpriseAnswer(caller: Caller, enterprise: LinkedEnterpriseRow): Enterprise {
  return {
    Id: enterprise.id,
    Name: enterprise.name,
    TimeZoneIdentifier: enterprise.time_zone_identifier,
    DefaultLanguageCode: enterprise.default_language_code,
    CreatedUtc: formatDateTime(enterprise.created),
    UpdatedUtc: formatDateTime(enterprise.updated),
    IsPortfolio: caller.enterprises.length > 1 && enterprise.id === caller.primaryEnterprise.id,
  };
}

function linkedEnterpriseAnswer(caller: Caller, enterprise: LinkedEnterpriseRow): LinkedEnterprise {
  return { ...enterpriseAnswer(caller, enterprise), LinkedUtc: formatDateTime(enterprise.linked) };
}
