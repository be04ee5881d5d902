import assert from "node:assert/strict";
import { test } from "node:test";
import { startSandbox } from "../support/server/server.ts";

const interval = { StartUtc: "2022-03-03T00:00:00Z", EndUtc: "2022-03-14T00:00:00Z" };
const johnDoe = { OriginalSender: "John Doe", Subject: "Example subject" };
const cursor = "e7f26210-10e7-462e-9da8-ae8300be8ab7";
const portfolio = ["3fa85f64-5717-4562-b3fc-2c963f66afa6", "4d0201db-36f5-428b-8d11-4f0a65e960cc"];

/** Requests as published in 2022 and today, with nothing changed but the host. */
test("the published thread is listed as printed", async (t) => {
  const { call } = await startSandbox(t);
  const { status, body } = await call("messageThreads/getAll", { CreatedUtc: interval });
  assert.equal(status, 200);
  const [printed] = body.MessageThreads.filter(({ Id }) => Id.startsWith("7f9325f6"));
  assert.deepEqual(printed, {
    Id: "7f9325f6-ef44-4911-89a8-ae51010a5aa4",
    ...johnDoe,
    CreatedUtc: "2022-03-07T16:09:45Z",
    UpdatedUtc: "2022-03-07T16:09:45Z",
    IsResolved: false,
  });
  assert.deepEqual(Object.keys(body), ["MessageThreads"]);
});

test("adding the published thread answers it with the printed properties in the printed order", async (t) => {
  const { call } = await startSandbox(t);
  const { status, body } = await call("messageThreads/add", johnDoe);
  assert.equal(status, 200);
  const [thread] = body.MessageThreads;
  assert.ok(thread);
  const printed = ["Id", "OriginalSender", "Subject", "CreatedUtc", "UpdatedUtc", "IsResolved"];
  assert.deepEqual(Object.keys(thread), printed);
  assert.equal(thread.OriginalSender, "John Doe");
  assert.equal(thread.CreatedUtc, thread.UpdatedUtc);
  assert.equal(thread.IsResolved, false);
});

const others: [name: string, operation: string, properties: object][] = [
  ["a page of threads", "messageThreads/getAll", { CreatedUtc: interval, Limitation: { Cursor: cursor, Count: 10 } }],
  [
    "a page of a portfolio's threads",
    "messageThreads/getAll",
    { EnterpriseIds: portfolio, CreatedUtc: interval, Limitation: { Cursor: cursor, Count: 10 } },
  ],
  [
    "the messages of a thread",
    "messages/getAll",
    { MessageThreadIds: ["c1478ff9-80b7-4ea2-94fc-ae4e009e1463"], CreatedUtc: interval },
  ],
  [
    "a page of messages",
    "messages/getAll",
    {
      MessageThreadIds: ["c1478ff9-80b7-4ea2-94fc-ae4e009e1463"],
      CreatedUtc: interval,
      Limitation: { Cursor: cursor, Count: 10 },
    },
  ],
  [
    "a new message",
    "messages/add",
    {
      Messages: [
        {
          Text: "Text of the message",
          MessageThreadId: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
          Identifier: "Message 1",
        },
      ],
    },
  ],
  ["the configuration", "configuration/get", {}],
  ["one enterprise's configuration", "configuration/get", { EnterpriseId: "851df8c8-90f2-4c4a-8e01-a4fc46b25178" }],
  [
    "a page of enterprises",
    "enterprises/getAll",
    {
      EnterpriseIds: portfolio,
      ExternalIdentifiers: ["Enterprise2023"],
      LinkedUtc: { StartUtc: "2023-06-01T00:00:00Z", EndUtc: "2023-06-06T00:00:00Z" },
      UpdatedUtc: { StartUtc: "2023-10-01T00:00:00Z", EndUtc: "2023-10-31T00:00:00Z" },
      Limitation: { Count: 100, Cursor: "4d0201db-36f5-428b-8d11-4f0a65e960cc" },
    },
  ],
];

for (const [name, operation, properties] of others) {
  test(`the published request for ${name} answers 200`, async (t) => {
    const { call } = await startSandbox(t);
    const { status } = await call(operation, properties);
    assert.equal(status, 200);
  });
}

test("the published message is found in its thread", async (t) => {
  const { call } = await startSandbox(t);
  const { body } = await call("messages/getAll", {
    MessageThreadIds: ["8d02142f-31cf-4115-90bf-ae5200c7a1ba"],
    CreatedUtc: interval,
  });
  assert.deepEqual(body.Messages, [
    {
      Id: "4bfe4675-98a9-4428-9ea9-ae5300dbaa93",
      MessageThreadId: "8d02142f-31cf-4115-90bf-ae5200c7a1ba",
      Text: "Text of the message",
      Sender: { Discriminator: "Application", Value: null },
      CreatedUtc: "2022-03-09T13:19:46Z",
    },
  ]);
});

const otherTokens: [client: string, ClientToken: string, AccessToken: string][] = [
  [
    "client 1 at Net",
    "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
    "4D6C7ABE0E6A4681B0AFB16900AE5D86-DF50CBC89E1D4FF5859DDF021649ED5",
  ],
  [
    "client 2 at Gross",
    "E916C341431C4D28A866AD200152DBD3-A046EB5583FFBE94DE1172237763712",
    "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4",
  ],
  [
    "client 4 at Net",
    "07AB1F14B55C49B8BDD6AD200158423B-273A4497AFF5E20566D7199DB3DC2BA",
    "BFD4298010F54B069F3DAD20015D53EA-D5561FADFBA4EFC8EA4C179C6BC461F",
  ],
];

for (const [client, ClientToken, AccessToken] of otherTokens) {
  test(`the published tokens of ${client} open the sandbox`, async (t) => {
    const { call } = await startSandbox(t);
    const { status, body } = await call("configuration/get", {}, { tokens: { ClientToken, AccessToken } });
    assert.equal(status, 200);
    assert.equal(body.Enterprise.Name, client.split(" at ")[1]);
  });
}
