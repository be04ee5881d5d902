import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import type { IdentifierSource } from "../core/identifiers.ts";
import { problemOf } from "./answer-problem.ts";
import { answerRaw } from "./client-error.ts";
import type { RequestLog } from "./request-log.ts";
import { type AdmissionParts, millisecondsSince } from "./requests.ts";

/** A request that asks for a WebSocket. */
export interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly requestId: string;
  /** The caller's, as far as proxies are believed. */
  readonly address: string;
}

/**
 * Takes over a connection that is to speak WebSocket from now on.
 * @returns the client that opened it, for the log
 * @throws Problem when it is refused
 */
export type Upgrade = (handshake: Handshake) => Promise<{ readonly clientId: string }>;

/** What takes over the WebSockets of each path. */
export type Upgrades = ReadonlyMap<string, Upgrade>;

export interface UpgradeParts extends AdmissionParts {
  readonly upgrades: Upgrades;
  readonly newIdentifier: IdentifierSource;
  readonly log: RequestLog;
  /** The address of a request's caller, as far as proxies are believed. */
  readonly addressOf: (request: IncomingMessage) => string;
}

/** Hands requests for WebSockets over; those that are refused are answered and closed. */
export function acceptUpgrades(server: Server, parts: UpgradeParts): void {
  const { newIdentifier, log } = parts;

  async function accept(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const requestId = newIdentifier();
    const start = performance.now();
    const answered = (status: number, clientId: string | undefined) => {
      const entry = { requestId, method: "GET", route: pathOf(request), milliseconds: millisecondsSince(start) };
      log.answered({ ...entry, status, clientId });
    };
    // A client that goes away before it is answered is no failure of the server.
    socket.on("error", () => socket.destroy());
    try {
      const { clientId } = await upgrade({ request, socket, head, requestId }, parts);
      answered(101, clientId);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.kind === "unexpected" || problem.cause) log.failed(requestId, error);
      answerRaw(socket, problem, requestId);
      answered(problem.status, undefined);
    }
  }

  server.on("upgrade", (request, socket: Socket, head) => void accept(request, socket, head));
}

/** @throws Problem when there is no room for it, or what takes it over refuses it */
async function upgrade(
  handshake: Omit<Handshake, "address">,
  { load, refusal, enterByProxy, upgrades, addressOf }: UpgradeParts,
): Promise<{ readonly clientId?: string | undefined }> {
  const { request, socket } = handshake;
  load.mustBeOpen();
  load.mustHaveRoom();
  const reason = refusal();
  if (reason) throw reason;
  const address = addressOf(request);
  const { leave } = enterByProxy(socket.remoteAddress ?? "", address);
  socket.once("close", leave);
  return (await upgrades.get(pathOf(request))?.({ ...handshake, address })) ?? {};
}

/** Whether Node is to hand a request over as an upgrade; others are ordinary requests. */
export function isUpgrade(request: IncomingMessage, upgrades: Upgrades): boolean {
  const { method, headers } = request;
  return upgrades.has(pathOf(request)) && method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

function pathOf({ url }: IncomingMessage): string {
  return url?.split("?", 1)[0] ?? "";
}
