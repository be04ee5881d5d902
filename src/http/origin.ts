import type { FastifyRequest } from "fastify";

/** This server's address as the visitor typed it; pages and links are made of it, so only what an address may hold. */
export function originOf({ protocol, host, socket }: FastifyRequest): string {
  const typed = /^[\w.:[\]-]+$/.test(host) ? host : `127.0.0.1:${socket.localPort}`;
  return `${protocol}://${typed}`;
}
