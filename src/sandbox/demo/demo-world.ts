import type { Microseconds } from "../../core/clock.ts";
import { tokenDigest } from "../../core/tokens.ts";
import type { Command } from "../../messaging/commands.ts";
import { secondOf } from "../../protocol/date-time.ts";
import type { Reader, Transaction } from "../../store/db.ts";
import {
  changeDirectory,
  insertClient,
  insertEnterprise,
  insertIntegration,
  listEnterprises,
} from "../../store/directory/directory.ts";
import type { Parts } from "../../store/parts.ts";
import type { ClientScope } from "../../store/scope.ts";
import { storePast } from "../../store/writing/past-writes.ts";
import { readThreads, saveSummaries } from "../../store/writing/thread-rows.ts";

/** The published demo credentials and what belongs to them (contract, section 7). */
const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const third = "4d0201db-36f5-428b-8d11-4f0a65e960cc";

export const enterprises = [
  { id: gross, name: "Gross", zone: "Europe/Budapest", language: "en-US", created: "2015-07-07T13:33:17Z" },
  { id: net, name: "Net", zone: "Europe/Prague", language: "cs-CZ", created: "2019-04-01T08:00:00Z" },
  { id: third, name: "Third", zone: "Europe/Amsterdam", language: "nl-NL", created: "2022-02-01T09:00:00Z" },
];

/** For each client its token, and its access tokens with the enterprises they cover, the primary one first. */
const clients = [
  {
    name: "Client 1",
    token: "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
    access: {
      "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D": [gross, net, third],
      "4D6C7ABE0E6A4681B0AFB16900AE5D86-DF50CBC89E1D4FF5859DDF021649ED5": [net],
      "7059D2C25BF64EA681ACAB3A00B859CC-D91BFF2B1E3047A3E0DEC1D57BE1382": [net],
    },
  },
  {
    name: "Client 2",
    token: "E916C341431C4D28A866AD200152DBD3-A046EB5583FFBE94DE1172237763712",
    access: {
      "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4": [gross],
      "1AEFA58C55E74D65BDC7AD2001564C12-66633E0B736F523379B9E5966165A55": [net],
    },
  },
  {
    name: "Client 3",
    token: "2CC71B0660F345019882AD200155B4FE-4A1FC9080A4DD2A404734003674F77E",
    access: {
      "5F56B9903A834F199E28AD20015E58CA-5C6A1A00550634911534AD6A098E8B7": [gross],
      "682C235379B64D909941AD2001577525-BFC60A026081F1350FAA99CAB9F7510": [net],
    },
  },
  {
    name: "Client 4",
    token: "07AB1F14B55C49B8BDD6AD200158423B-273A4497AFF5E20566D7199DB3DC2BA",
    access: {
      "39E301DD5A1C4A569087AD20015F60DD-50DC28896E9090CCA0995C9BBD90351": [gross],
      "BFD4298010F54B069F3DAD20015D53EA-D5561FADFBA4EFC8EA4C179C6BC461F": [net],
    },
  },
];

export const demoTokens = {
  ClientToken: "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
  AccessToken: "C66EF7B239D24632943D115EDE9CB810-EA00F8FD8294692C940F6B5A8F9453D",
};

const connected = "2022-02-15T10:00:00Z";

/** Client 1's published threads and messages, all at Net, in the order in which they came to be. */
const history = [
  { at: "2022-03-04T09:35:33Z", thread: "c1478ff9-80b7-4ea2-94fc-ae4e009e1463" },
  { at: "2022-03-07T16:09:45Z", thread: "7f9325f6-ef44-4911-89a8-ae51010a5aa4" },
  { at: "2022-03-08T12:06:50Z", thread: "8d02142f-31cf-4115-90bf-ae5200c7a1ba" },
  {
    at: "2022-03-09T13:19:46Z",
    thread: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
    message: "4bfe4675-98a9-4428-9ea9-ae5300dbaa93",
  },
  { at: "2022-04-26T11:33:44Z", thread: "e7f26210-10e7-462e-9da8-ae8300be8ab7" },
  // The published request for messages has the newest thread's id for a cursor, so a message has it too.
  {
    at: "2022-04-26T11:33:44Z",
    thread: "c1478ff9-80b7-4ea2-94fc-ae4e009e1463",
    message: "e7f26210-10e7-462e-9da8-ae8300be8ab7",
  },
];

/** Makes the demo world, once in the life of a database. */
export async function seedDemoWorld({ store, newIdentifier }: Parts): Promise<void> {
  if (await isSeeded(store.db)) return;
  await changeDirectory(store.db, async (transaction) => {
    // Of two servers that start at once, the other one may have made it meanwhile.
    if (await isSeeded(transaction)) return;
    for (const { id, name, zone, language, created } of enterprises) {
      const enterprise = { id, name, timeZoneIdentifier: zone, defaultLanguageCode: language };
      await insertEnterprise(transaction, { ...enterprise, created: time(created) });
    }
    const clientIds = [];
    for (const { name, token, access } of clients) {
      const clientId = newIdentifier();
      clientIds.push(clientId);
      await insertClient(transaction, {
        id: clientId,
        name,
        tokenDigest: tokenDigest(token),
        created: time(connected),
      });
      for (const [accessToken, enterpriseIds] of Object.entries(access)) {
        const integration = { id: newIdentifier(), clientId, enterpriseIds, created: time(connected) };
        await insertIntegration(transaction, { ...integration, tokenDigest: tokenDigest(accessToken) });
      }
    }
    await writeHistory(transaction, { clientId: clientIds[0] ?? "", enterpriseIds: [net] });
  });
}

async function isSeeded(reader: Reader): Promise<boolean> {
  return (await listEnterprises(reader)).some(({ id }) => id === gross);
}

async function writeHistory(transaction: Transaction, scope: ClientScope): Promise<void> {
  const commandOf = (thread: string, message: string | undefined): Command => {
    const opened = { originalSender: "John Doe", subject: "Example subject" };
    if (!message) return { kind: "openThread", clientId: scope.clientId, enterpriseId: net, id: thread, ...opened };
    const messages = [{ id: message, messageThreadId: thread, text: "Text of the message" }];
    return { kind: "addMessages", sender: "Application", messages };
  };
  const writes = history.map(({ at, thread, message }) => ({
    at: time(at),
    scope,
    command: commandOf(thread, message),
  }));
  await storePast(transaction, writes);
  // They have been there for years, so that they are not in the list of those who await a reply.
  const ids = [...new Set(history.map(({ thread }) => thread))];
  const threads = await readThreads(transaction, net, ids);
  await saveSummaries(
    transaction,
    threads.map(({ row, thread }) => ({ row, thread: { ...thread, waitingSince: null } })),
  );
}

function time(text: string): Microseconds {
  return secondOf(text) ?? 0;
}
