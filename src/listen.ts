import type { FastifyInstance } from "fastify";
import type { App } from "./app.ts";
import type { Config } from "./config/config.ts";
import { unavailable } from "./core/problem.ts";

type Place = Pick<Config, "host" | "port">;

const listenProblems: Readonly<Record<string, (place: Place) => string>> = {
  EADDRINUSE: ({ port }) => `Port ${port} is in use. Stop the other program, or choose another port with --port.`,
  EACCES: ({ port }) => `Port ${port} is not open to this user. Choose one above 1023 with --port.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}. Choose another with --host.`,
  ENOTFOUND: ({ host }) => `The host name ${host} is not known here. Choose another with --host.`,
};

/**
 * Has a composed server listen, and then begin its work. One that can't listen is stopped and has sent nothing.
 * @returns the address @throws Problem (unavailable) with the way out
 */
export async function listenAndStart(app: App, place: Place): Promise<string> {
  try {
    const url = await listenAt(app.server.fastify, place);
    await app.start();
    return url;
  } catch (error) {
    await app.stop();
    throw error;
  }
}

/** Listens where the configuration says. @returns the address @throws Problem (unavailable) with the way out */
export async function listenAt(server: FastifyInstance, place: Place): Promise<string> {
  try {
    await server.listen({ port: place.port, host: place.host });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const message = listenProblems[code]?.(place);
    throw message ? unavailable(message, error) : error;
  }
  return urlOf(server, place);
}

/** The address of a server that listens, as in `http://127.0.0.1:8080`. */
export function urlOf({ server }: FastifyInstance, place: Place): string {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : place.port;
  const isEverywhere = ["0.0.0.0", "::"].includes(place.host);
  const host = isEverywhere ? "127.0.0.1" : place.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
