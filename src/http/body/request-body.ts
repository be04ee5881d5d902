import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import { invalid, Problem } from "../../core/problem.ts";
import type { BodyBudget, BodyOwner, BodyShare } from "./budget.ts";
import { freePiece, type GrowingBytes, growingBytes } from "./growing-bytes.ts";
import { type KeyScanner, keyScanner } from "./json-keys.ts";
import type { LoopTurn } from "./loop-turns.ts";

/** What a route says of large bodies that are sent to it. */
export interface LargeBodies {
  /** The top-level fields that say who sends a body, and are found without building it. */
  readonly fields: readonly string[];
  /**
   * Finds out who sends a body as soon as the fields have come, and before the rest is read.
   * @returns what stands for the caller
   * @throws Problem when the caller is not known
   */
  identify(request: FastifyRequest, fields: Readonly<Record<string, unknown>>): Promise<string>;
}

/** A large body, of which only a few fields have been looked at. */
export interface LargeBody {
  /** What it is, as far as it was looked at. */
  readonly root: "object" | "other" | "malformed";
  readonly fields: Readonly<Record<string, unknown>>;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who the body is counted for, where that is known before it is read. */
    bodyOwner: BodyOwner | undefined;
    /** Set for bodies of more than `smallBody` bytes. */
    largeBody: LargeBody | undefined;
    /** Gives the memory of a large body back. */
    freeBody: (() => void) | undefined;
  }
  interface FastifyContextConfig {
    readonly largeBodies?: LargeBodies;
  }
}

/**
 * Bodies up to this size, in bytes, are parsed at once and count for no budget. The worst of them holds up the event
 * loop for less than 2 ms, parsed and compared with a former one.
 */
export const smallBody = 16_384;

/** Bodies up to this size, in bytes, do not even wait for their turn. */
const tinyBody = 4096;

/**
 * How many values a body may have. A thousand messages need 5,000. Each takes up to 250 bytes once it is parsed, so that
 * without a limit a body of 8 MiB takes hundreds of them.
 */
const maxValues = 250_000;

export interface BodyReceiverParts {
  /** Without one, as much is read as the limit of the route allows. */
  readonly budget: BodyBudget | undefined;
  readonly turn: LoopTurn;
  /** Names the network of the caller. */
  readonly networkOf: (request: FastifyRequest) => string;
}

/** Reads the body of a request. @throws Problem when it is too large, breaks off, or has no room */
export type ReceiveBody = (request: FastifyRequest, payload: IncomingMessage) => Promise<Buffer>;

export function bodyReceiver(parts: BodyReceiverParts): ReceiveBody {
  return async (request, payload) => {
    const limit = request.routeOptions.bodyLimit ?? Number.POSITIVE_INFINITY;
    const length = lengthOf(request);
    if (length !== undefined && length > limit) throw tooLarge(limit);
    let share: BodyShare | undefined;
    const bytes = growingBytes(length ?? limit, (more) => share?.grow(more));
    const { only, next } = await readSmall(payload, bytes, length, limit);
    if (!next) {
      const body = only ?? bytes.view();
      if (body.length > tinyBody) await parts.turn();
      return body;
    }
    request.freeBody = () => {
      share?.release();
      bytes.free();
      request.body = undefined;
    };
    let owner: BodyOwner = request.bodyOwner ?? { isKnown: false, key: parts.networkOf(request) };
    try {
      bytes.append(next);
      request.largeBody = await readLarge(request, payload, {
        bytes,
        limit,
        turn: parts.turn,
        // The first piece is looked at before it counts: a known caller has room also where strangers have none left.
        firstLookedAt: () => {
          share = parts.budget?.open(owner);
          share?.grow(bytes.length);
        },
        identified: (key) => {
          owner = { isKnown: true, key };
          share?.handTo(owner);
        },
      });
      return bytes.view();
    } catch (error) {
      // What has come of it is for those who record what was refused.
      request.body = bytes.view();
      payload.on("data", freePiece).resume();
      throw error instanceof Problem ? error : invalid("The request could not be read.");
    }
  };
}

interface SmallBody {
  /** The whole body, where it came in one piece. Otherwise it is in the bytes that were given. */
  readonly only?: Buffer;
  /** The piece with which the body is no longer small; it is not among the bytes. */
  readonly next?: Buffer;
}

/** Reads until the body has ended or is no longer small; then it stands still. */
function readSmall(
  payload: IncomingMessage,
  bytes: GrowingBytes,
  length: number | undefined,
  limit: number,
): Promise<SmallBody> {
  return new Promise((resolve, reject) => {
    let only: Buffer | undefined;
    function add(piece: Buffer): void {
      if (piece.length === length && piece.length <= smallBody) {
        only = piece;
        return;
      }
      if (bytes.length + piece.length <= Math.min(smallBody, limit)) {
        bytes.append(piece);
        return;
      }
      payload.pause();
      stop();
      if (bytes.length + piece.length > limit) reject(tooLarge(limit));
      else resolve({ next: piece });
    }
    function end(): void {
      stop();
      resolve(only ? { only } : {});
    }
    function fail(): void {
      stop();
      reject(invalid("The request could not be read."));
    }
    function stop(): void {
      payload.off("data", add);
      payload.off("end", end);
      payload.off("error", fail);
    }
    payload.on("data", add);
    payload.on("end", end);
    payload.on("error", fail);
  });
}

interface LargeBodyParts {
  readonly bytes: GrowingBytes;
  readonly limit: number;
  readonly turn: LoopTurn;
  readonly firstLookedAt: () => void;
  readonly identified: (key: string) => void;
}

/** Reads the rest piece by piece, looking for who sends it. Between two pieces others have a turn. */
async function readLarge(
  request: FastifyRequest,
  payload: IncomingMessage,
  { bytes, limit, turn, firstLookedAt, identified }: LargeBodyParts,
): Promise<LargeBody> {
  const rule = request.routeOptions.config.largeBodies;
  const scanner = keyScanner(rule?.fields ?? []);
  let isIdentified = !rule;

  async function look(): Promise<void> {
    if (bytes.length > limit) throw tooLarge(limit);
    await turn();
    scanner.readTo(bytes.view(), bytes.length);
    if (scanner.values() > maxValues) throw tooManyValues();
    if (isIdentified || !rule || !scanner.hasAll()) return;
    isIdentified = true;
    identified(await rule.identify(request, foundBy(scanner, bytes)));
  }

  await look();
  firstLookedAt();
  for (let piece = await nextPiece(payload); piece; piece = await nextPiece(payload)) {
    bytes.append(piece);
    await look();
  }
  return { root: scanner.root(), fields: foundBy(scanner, bytes) };
}

/** Waits for one piece, or for the end; then the body stands still again. */
function nextPiece(payload: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const take = (piece: Buffer) => {
      payload.pause();
      stop();
      resolve(piece);
    };
    const end = () => {
      stop();
      resolve(undefined);
    };
    const fail = (error: Error) => {
      stop();
      reject(error);
    };
    const stop = () => payload.off("data", take).off("end", end).off("error", fail);
    // The end, or that the client went away, may have come between two pieces, without a listener.
    if (payload.readableEnded) return resolve(undefined);
    if (payload.destroyed) return fail(new Error("The body has broken off."));
    payload.on("data", take).on("end", end).on("error", fail);
    payload.resume();
  });
}

function foundBy(scanner: KeyScanner, bytes: GrowingBytes): Readonly<Record<string, unknown>> {
  try {
    return scanner.found(bytes.view());
  } catch {
    throw invalid("Invalid JSON.");
  }
}

/** The length that the request promises, and that Node holds it to. */
function lengthOf({ headers }: FastifyRequest): number | undefined {
  const length = headers["content-length"];
  return length === undefined ? undefined : Number(length);
}

function tooManyValues(): Problem {
  return invalid(`The body must not have more than ${maxValues} values.`);
}

function tooLarge(limit: number): Problem {
  return new Problem("tooLarge", `The body must not be larger than ${limit} bytes.`);
}
