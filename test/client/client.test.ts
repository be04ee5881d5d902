import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createClient } from "../../client/src/client.ts";
import * as errors from "../../client/src/errors.ts";
import { answer, broken, clientOf, collected, credentials, scripted } from "../support/client/client.ts";
import { holdTime, inVain } from "../support/run/held-time.ts";
import { gross, guest, net, world } from "../support/server/world.ts";

const elsewhere = { url: "http://innbox.test" };

test("threads and messages are added and read, as on the wire", async (t) => {
  const server = await world(t);
  const connector = clientOf(server);
  const { MessageThreads } = await connector.messageThreads.add({ ...guest, EnterpriseId: net });
  const [thread] = MessageThreads;
  assert.ok(thread);
  const added = await connector.messages.add({
    Messages: [{ MessageThreadId: thread.Id, Text: "Hello 👋", Identifier: "1" }],
  });
  const [first] = added.Messages;
  assert.deepEqual([first?.Identifier, first?.Message.Text], ["1", "Hello 👋"]);
  const filter = { MessageThreadIds: [thread.Id] };
  assert.deepEqual(await connector.messageThreads.getAll(filter), { MessageThreads: [await server.thread(thread.Id)] });
  assert.deepEqual(await connector.messages.getAll(filter), { Messages: [first?.Message] });

  const { Enterprise } = await connector.configuration.get();
  assert.deepEqual([Enterprise.Id, Enterprise.IsPortfolio], [gross, true]);
  assert.equal((await connector.enterprises.getAll()).Enterprises.length, 3);
  const { Events } = await connector.events.getAll();
  assert.equal(Events.at(-1)?.Value.Id, first?.Message.Id);
});

test("a refusal is an error of the class of its status, with the server's sentence and request id", async (t) => {
  const server = await world(t);
  const connector = clientOf(server);
  await assert.rejects(connector.messageThreads.getAll({}), (error) => {
    assert.ok(error instanceof errors.BadRequestError);
    assert.match(error.message, /^At least one of MessageThreadIds, CreatedUtc and UpdatedUtc is required\.$/);
    assert.match(error.requestId ?? "", /^[0-9a-f-]{36}$/);
    assert.deepEqual([error.status, error.operation, error.name], [400, "messageThreads/getAll", "BadRequestError"]);
    return true;
  });
  const stranger = clientOf(server, { accessToken: "nobody's" });
  await assert.rejects(stranger.configuration.get(), errors.UnauthorizedError);
  const lost = clientOf({ url: `${server.url}/elsewhere/` });
  await assert.rejects(lost.configuration.get(), errors.NotFoundError);
});

test("every status has its class, and what a refusal says is kept", async () => {
  const expected = {
    302: errors.ConnectorError,
    403: errors.ForbiddenError,
    408: errors.RequestTimeoutError,
    409: errors.ConnectorError,
    413: errors.PayloadTooLargeError,
    429: errors.TooManyRequestsError,
    500: errors.ServerError,
    502: errors.ServerError,
    503: errors.UnavailableError,
    504: errors.ServerError,
  };
  for (const [status, Class] of Object.entries(expected)) {
    const { fetch } = scripted(answer(Number(status), { Message: "No.", RequestId: "1", Details: { Why: 1 } }));
    const error: unknown = await clientOf(elsewhere, { fetch, retries: 0 })
      .configuration.get()
      .catch((failure: unknown) => failure);
    assert.ok(error instanceof errors.ConnectorError);
    assert.deepEqual([error.constructor, error.status], [Class, Number(status)]);
    if (status !== "302") assert.deepEqual([error.message, error.requestId, error.details], ["No.", "1", { Why: 1 }]);
  }
});

test("no error and no line of the log holds a token, whatever the server and the connection say", async () => {
  const lines: unknown[] = [];
  const logger = { debug: (...line: unknown[]) => lines.push(line), warn: (...line: unknown[]) => lines.push(line) };
  const { clientToken, accessToken } = credentials;
  const { fetch } = scripted(
    broken({ code: clientToken, message: `could not send ${accessToken} and ${clientToken}` }),
    answer(500, { Message: `${clientToken} failed`, Details: { Token: [accessToken] } }),
    answer(400, { Message: `${accessToken} failed`, RequestId: clientToken, Details: { Token: [accessToken] } }),
  );
  const error: unknown = await clientOf(elsewhere, { fetch, logger })
    .messages.getAll({ MessageThreadIds: ["1"] })
    .catch((failure: unknown) => failure);
  assert.ok(error instanceof errors.BadRequestError);
  assert.deepEqual([error.message, error.details], ["[redacted] failed", { Token: ["[redacted]"] }]);
  const all = inspect([error, lines], { depth: Number.POSITIVE_INFINITY, showHidden: true });
  assert.match(all, /could not send \[redacted\]/);
  assert.match(all, /"MessageThreadIds":\["1"\]/);
  assert.ok(!all.includes(clientToken) && !all.includes(accessToken), all);
});

test("middleware runs around every attempt, the first one outermost, and may change request and answer", async () => {
  const order: string[] = [];
  const { asked, fetch } = scripted(answer(503), answer(200, { NowUtc: "now" }));
  const connector = clientOf(elsewhere, {
    fetch,
    middleware: [
      async (request, next) => {
        order.push(`outer ${request.operation} ${request.attempt}`);
        request.headers.set("X-Trace", `trace ${request.attempt}`);
        const response = await next(request);
        order.push(`answer ${response.status}`);
        return response;
      },
      (request, next) => {
        order.push("inner");
        return next({ ...request, url: request.url.replace("innbox.test", "other.test") });
      },
    ],
  });
  assert.deepEqual(await connector.configuration.get(), { NowUtc: "now" });
  const one = (attempt: number, status: number) => [`outer configuration/get ${attempt}`, "inner", `answer ${status}`];
  assert.deepEqual(order, [...one(1, 503), ...one(2, 200)]);
  assert.deepEqual(
    asked.map(({ url, headers }) => [url, headers.get("X-Trace")]),
    [1, 2].map((attempt) => ["http://other.test/api/connector/v1/configuration/get", `trace ${attempt}`]),
  );

  const failing = clientOf(elsewhere, { fetch, middleware: [() => Promise.reject(new RangeError("Mine."))] });
  await assert.rejects(failing.configuration.get(), RangeError);
  assert.equal(asked.length, 2);
});

test("a signal ends a call wherever it is: before it, under way, and between attempts", async () => {
  const never = () => new Promise<Response>(() => undefined);
  const aborted = AbortSignal.abort(new RangeError("Enough."));
  const { asked, fetch } = scripted(never);
  const connector = clientOf(elsewhere, { fetch });
  await assert.rejects(connector.configuration.get({}, { signal: aborted }), RangeError);
  assert.equal(asked.length, 0);

  const controller = new AbortController();
  const underWay = connector.configuration.get({}, { signal: controller.signal });
  controller.abort(new RangeError("Enough."));
  await assert.rejects(underWay, RangeError);
  assert.ok(asked[0]?.signal.aborted);

  const between = new AbortController();
  const waiting = createClient({
    platformAddress: elsewhere.url,
    ...credentials,
    fetch: scripted(answer(503, {}, { "Retry-After": "50" })).fetch,
    logger: { debug: () => undefined, warn: () => queueMicrotask(() => between.abort(new RangeError("Enough."))) },
  });
  await assert.rejects(waiting.configuration.get({}, { signal: between.signal }), RangeError);
});

test("an attempt that takes too long fails by itself, also within its answer", async (t) => {
  const time = holdTime(t);
  const silent = scripted(() => inVain(time));
  const connector = clientOf(elsewhere, { fetch: silent.fetch, retries: 1 });
  await assert.rejects(connector.configuration.get(), errors.AttemptTimeoutError);
  assert.deepEqual([silent.asked.length, silent.asked[1]?.signal.aborted], [2, true]);
  const stalled = scripted(() => {
    void inVain(time);
    return new Response(new ReadableStream(), { status: 200 });
  });
  const other = clientOf(elsewhere, { fetch: stalled.fetch, retries: 0 });
  await assert.rejects(other.configuration.get(), errors.ConnectionError);
});

test("an answer that is no JSON object is no answer", async () => {
  for (const text of ['{"MessageThreads":[{"Id":', "<html>", "null", "1"]) {
    const { fetch } = scripted(() => new Response(text));
    const connector = clientOf(elsewhere, { fetch, retries: 0 });
    await assert.rejects(connector.configuration.get(), errors.ConnectionError, text);
  }
});

test("what can't be right is refused when the client is made", () => {
  const right = { platformAddress: elsewhere.url, ...credentials };
  for (const wrong of [
    { platformAddress: "innbox.test" },
    { platformAddress: "ftp://innbox.test" },
    { platformAddress: "https://user:password@innbox.test" },
    { clientToken: "" },
    { accessToken: " " },
    { client: "" },
  ]) {
    assert.throws(() => createClient({ ...right, ...wrong }), TypeError);
  }
});

test("nothing is sent for a list that is neither awaited nor iterated, and awaiting it twice asks once", async () => {
  const { asked, fetch } = scripted(answer(200, { Enterprises: [], Cursor: null }));
  const list = clientOf(elsewhere, { fetch }).enterprises.getAll({ Limitation: { Count: 5 } });
  assert.equal(asked.length, 0);
  assert.deepEqual(await Promise.all([list, list]), [await list, await list]);
  assert.deepEqual(
    asked.map(({ body }) => body),
    [
      {
        Limitation: { Count: 5 },
        ClientToken: credentials.clientToken,
        AccessToken: credentials.accessToken,
        Client: "Test 1.0.0",
      },
    ],
  );
  assert.deepEqual(await collected(list), []);
});
