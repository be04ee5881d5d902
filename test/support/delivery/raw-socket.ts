import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection to a server, on which nothing has been sent yet: for what no HTTP client would send. */
export async function connected(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}
