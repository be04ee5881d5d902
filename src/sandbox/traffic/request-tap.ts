import { pipeline, Readable, Transform } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Fault } from "../../protocol/sandbox/faults.ts";
import type { Db } from "../../store/db.ts";
import type { WorldClock } from "../clock/world-clock.ts";
import { type Faults, faultName, type Victim } from "../faults/faults.ts";
import { biteBefore, brokenBy, dropAnswer, type Payload, sendHalf } from "../faults/request-faults.ts";
import { clientNames } from "./client-names.ts";
import { type KeptBody, keptBody } from "./kept-body.ts";
import { tapSockets } from "./socket-tap.ts";
import { formatMoment, millisecondsSince, plainHeaders, type Traffic } from "./traffic.ts";
import { unreadBody } from "./unread-body.ts";

export interface RequestTapParts {
  readonly traffic: Traffic;
  readonly faults: Faults;
  readonly worldClock: WorldClock;
  readonly db: Db;
}

/** What is known of a request while it is under way. */
interface Recording {
  readonly startedUtc: string;
  readonly start: number;
  readonly answer: KeptBody;
  sent: KeptBody | undefined;
  sender: Pick<Victim, "client" | "clientName"> | undefined;
  fault: Fault | undefined;
}

const operationPath = /^\/api\/connector\/v1\/(\w+\/\w+)$/;

/** What partners ask; and of addresses that there are not, all but those of people's pages. */
const partnersPath = /^\/(?:api\/connector|ws)\//;
const pagesPath = /^\/(?:$|\?|inbox|api\/staff|docs|openapi|health|sandbox|favicon|apple-touch|robots|\.well-known)/;

/**
 * Records what partners ask a world and what they are answered, and has faults bite. To be called before any route is
 * added.
 * @returns what has requests go on that a fault makes wait
 */
export function tapRequests(server: FastifyInstance, { traffic, faults, worldClock, db }: RequestTapParts): () => void {
  const recordings = new WeakMap<FastifyRequest, Recording>();
  const clientNameOf = clientNames(db);
  const hurry = new AbortController();

  /** The recording of a request, from the first time that it is seen. */
  function recordingOf(request: FastifyRequest, reply: FastifyReply): Recording {
    const known = recordings.get(request);
    if (known) return known;
    const recording: Recording = {
      startedUtc: formatMoment(worldClock.now()),
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

  /** Finds out what was sent and who by, also where nobody else was going to read it. */
  async function read(request: FastifyRequest, recording: Recording): Promise<void> {
    const { body } = request;
    recording.sent = Buffer.isBuffer(body) ? keptOf(body) : await unreadBody(request.raw);
    // Of a large body the fields are known already, and to parse it here would hold up others.
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
    recording.fault = faults.bite("Request", { client, clientName, operation: operationOf(request) });
    if (recording.fault) await biteBefore(recording.fault, request, reply, hurry.signal);
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

  tapSockets(server.server, { traffic, worldClock, clientNameOf });
  return () => hurry.abort();
}

function isWatched(request: FastifyRequest): boolean {
  if (!request.is404) return partnersPath.test(request.routeOptions.url ?? "");
  return !pagesPath.test(request.raw.url ?? "");
}

/** Of an address as it is printed; others lead nowhere. */
function operationOf({ raw, is404 }: FastifyRequest): string | null {
  const [path = ""] = (raw.url ?? "").split("?", 1);
  return is404 ? null : (operationPath.exec(path)?.[1] ?? null);
}

function entryOf(request: FastifyRequest, reply: FastifyReply, recording: Recording) {
  const { raw } = reply;
  const { fault, sender } = recording;
  const cutShort = raw.writableFinished ? null : "The connection ended before the answer was whole.";
  return {
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
    DeliveryId: null,
  };
}

function keptOf(body: Buffer): KeptBody {
  const kept = keptBody();
  kept.add(body);
  return kept;
}

/** Keeps the beginning of what is sent; of what is sent in pieces, as they pass. */
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
  // Whichever breaks off, the other one does too.
  return pipeline(payload, passing, () => undefined);
}

/** What the kept part of a body says of who sent it, whatever else is wrong with it. */
function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(body));
  } catch {
    // What is cut or malformed still says it, as far as it goes.
    const strings = body.matchAll(/"(ClientToken|Client)"\s*:\s*"([^"\\]*)"/g);
    return Object.fromEntries([...strings].map(([, name, value]) => [name, value]));
  }
}
