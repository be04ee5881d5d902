import { pipeline, Readable, Transform } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Fault } from "../../protocol/sandbox/faults.ts";
import type { Db } from "../../store/db.ts";
import { formatWorldTime } from "../clock/world-time.ts";
import { type FaultTarget, faultName } from "../faults/faults.ts";
import { brokenBy, dropAnswer, injectBefore, type Payload, sendHalf } from "../faults/request-faults.ts";
import type { World } from "../worlds/world.ts";
import { clientNames } from "./client-names.ts";
import { type KeptBody, keptBody } from "./kept-body.ts";
import { tapSockets } from "./socket-tap.ts";
import { blank, millisecondsSince, plainHeaders } from "./traffic.ts";
import { unreadBody } from "./unread-body.ts";

/** What is known of a request while it is under way. */
interface Recording {
  readonly startedUtc: string;
  readonly start: number;
  readonly answer: KeptBody;
  sent: KeptBody | undefined;
  sender: Pick<FaultTarget, "client" | "clientName"> | undefined;
  fault: Fault | undefined;
}

const operationPath = /^\/api\/connector\/v1\/(\w+\/\w+)$/;

/** The addresses that partners ask. Of unknown addresses all are recorded but those that belong to the pages. */
const partnersPath = /^\/(?:api\/connector|ws)\//;
const pagesPath = /^\/(?:$|\?|inbox|api\/staff|docs|openapi|health|sandbox|favicon|apple-touch|robots|\.well-known)/;

/**
 * Records what partners ask a world and what they are answered, and injects faults. To be called before any route is
 * added.
 * @returns ends the waits of requests that a fault delays
 */
export function tapRequests(
  server: FastifyInstance,
  { traffic, faults, worldClock }: Pick<World, "traffic" | "faults" | "worldClock">,
  db: Db,
): () => void {
  const recordings = new WeakMap<FastifyRequest, Recording>();
  const clientNameOf = clientNames(db);
  const skipWaits = new AbortController();

  /** The recording of a request, from the first time that it is seen. */
  function recordingOf(request: FastifyRequest, reply: FastifyReply): Recording {
    const known = recordings.get(request);
    if (known) return known;
    const recording: Recording = {
      startedUtc: formatWorldTime(worldClock.now()),
      start: request.startTime,
      answer: keptBody(),
      sent: undefined,
      sender: undefined,
      fault: undefined,
    };
    recordings.set(request, recording);
    const end = () => traffic.record(entryOf(request, reply, recording));
    if (reply.raw.closed) setImmediate(end);
    else reply.raw.once("close", end);
    return recording;
  }

  /** Reads what was sent and who sent it, also from a request that was refused before its body was read. */
  async function read(request: FastifyRequest, recording: Recording): Promise<void> {
    const { body } = request;
    recording.sent = Buffer.isBuffer(body) ? keptOf(body) : await unreadBody(request.raw);
    // The fields of a large body are known already. To parse it here would hold up other requests.
    const { ClientToken, Client } = request.largeBody?.fields ?? fieldsOf(recording.sent.text() ?? "");
    recording.sender = {
      client: typeof ClientToken === "string" ? await clientNameOf(ClientToken) : null,
      clientName: typeof Client === "string" ? Client : null,
    };
  }

  server.addHook("onRequest", (request, reply, done) => {
    if (isWatched(request)) recordingOf(request, reply);
    done();
  });

  server.addHook("preHandler", async (request, reply) => {
    if (!isWatched(request)) return;
    const recording = recordingOf(request, reply);
    await read(request, recording);
    const { client = null, clientName = null } = recording.sender ?? {};
    recording.fault = faults.pick("Request", { client, clientName, operation: operationOf(request) });
    if (recording.fault) await injectBefore(recording.fault, request, reply, skipWaits.signal);
  });

  server.addHook("onSend", (request, reply, payload: Payload, done) => {
    if (!isWatched(request)) return done(null, payload);
    const recording = recordingOf(request, reply);
    if (!recording.sender) {
      read(request, recording).then(() => done(null, keeping(recording.answer, payload)), done);
      return;
    }
    if (recording.fault?.Kind === "Drop") return dropAnswer(request, payload);
    if (recording.fault?.Kind !== "Half") return done(null, keeping(recording.answer, payload));
    sendHalf(request, reply, payload).then((half) => recording.answer.add(half), done);
  });

  tapSockets(server.server, { traffic, worldClock }, clientNameOf);
  return () => skipWaits.abort();
}

function isWatched(request: FastifyRequest): boolean {
  if (!request.is404) return partnersPath.test(request.routeOptions.url ?? "");
  return !pagesPath.test(request.raw.url ?? "");
}

/** The operation of an address that is spelled as in the documentation; other spellings have no route. */
function operationOf({ raw, is404 }: FastifyRequest): string | null {
  const [path = ""] = (raw.url ?? "").split("?", 1);
  return is404 ? null : (operationPath.exec(path)?.[1] ?? null);
}

function entryOf(request: FastifyRequest, reply: FastifyReply, recording: Recording) {
  const { raw } = reply;
  const { fault, sender } = recording;
  const cutShort = raw.writableFinished ? null : "The connection ended before the answer was whole.";
  return {
    ...blank,
    Kind: "Request" as const,
    StartedUtc: recording.startedUtc,
    Milliseconds: millisecondsSince(recording.start),
    Client: sender?.client ?? null,
    ClientName: sender?.clientName ?? null,
    Operation: operationOf(request),
    Method: request.method,
    Address: request.raw.url ?? "",
    RequestHeaders: plainHeaders(request.headers),
    RequestBody: recording.sent?.text() ?? null,
    Status: raw.headersSent ? reply.statusCode : null,
    ResponseHeaders: raw.headersSent ? plainHeaders(reply.getHeaders()) : {},
    ResponseBody: recording.answer.text(),
    Error: (fault && brokenBy(fault, reply.statusCode)) ?? cutShort,
    Fault: fault ? faultName(fault) : null,
  };
}

function keptOf(body: Buffer): KeptBody {
  const kept = keptBody();
  kept.add(body);
  return kept;
}

/** Keeps the beginning of an answer. An answer that is sent in pieces is kept as they pass. */
function keeping(answer: KeptBody, payload: Payload): Payload {
  if (payload === null || payload === undefined) return payload;
  if (!(payload instanceof Readable)) {
    answer.add(payload);
    return payload;
  }
  const passing = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      answer.add(piece);
      done(null, piece);
    },
  });
  // An error of one of the streams ends the other one too.
  return pipeline(payload, passing, () => undefined);
}

/** The fields of a body that say who sent it, as far as the kept part has them. */
function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch {
    // A body that was cut or is malformed may still have these fields before the place where it breaks off.
    const strings = body.matchAll(/"(ClientToken|Client)"\s*:\s*"([^"\\]*)"/g);
    return Object.fromEntries([...strings].map(([, name, value]) => [name, value]));
  }
}
