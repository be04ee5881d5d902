import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { notFound } from "../http/exact-path.ts";

const folder = fileURLToPath(new URL("../../web/dist", import.meta.url));

/** The page asks this server alone, and nothing in it runs that did not come as a file of its own. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "media-src 'self' data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A file of the page, plain and as it was compressed when it was built. */
interface PageFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly br: Buffer;
  readonly gzip: Buffer;
}

/** Every address that the page gives itself, such as `/inbox/awaiting/8d02142f-31cf-4115-90bf-ae5200c7a1ba`. */
const ownAddress = /^\/inbox(?:\/[a-z]{1,20}(?:\/[0-9A-Fa-f-]{36})?)?$/;

/** The page that the people of a property work with. */
export function inboxPageRoutes(server: FastifyInstance): void {
  const files = readFiles();
  const page = files.get("/inbox/index.html");

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ""] = (request.raw.url ?? "").split("?");
    reply.header("X-Content-Type-Options", "nosniff");
    const asset = path.startsWith("/inbox/assets/") ? files.get(path) : undefined;
    if (asset) {
      // Its name has its content's digest in it.
      reply.header("Cache-Control", "public, max-age=31536000, immutable");
      return send(request, reply, asset);
    }
    if (!ownAddress.test(path)) throw notFound();
    if (!page) {
      return reply.code(503).type("text/plain; charset=utf-8").send("The inbox is not built yet: npm run prepare\n");
    }
    reply.header("Cache-Control", "no-cache");
    reply.header("Content-Security-Policy", contentSecurityPolicy);
    reply.header("Referrer-Policy", "no-referrer");
    return send(request, reply, page);
  };
  server.get("/inbox", answer);
  server.get("/inbox/*", answer);
}

/** Read once: what is not in this table is at no address. */
function readFiles(): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of namesIn(folder)) {
    const type = types[extname(name)];
    if (!type) continue;
    const read = (suffix: string) => readFileSync(`${folder}/${name}${suffix}`);
    files.set(`/inbox/${name}`, { type, plain: read(""), br: read(".br"), gzip: read(".gz") });
  }
  return files;
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
}

function send(request: FastifyRequest, reply: FastifyReply, { type, plain, br, gzip }: PageFile): FastifyReply {
  const accepted = encodingsOf(request.headers["accept-encoding"]);
  reply.type(type).header("Vary", "Accept-Encoding");
  if (accepted.has("br")) return reply.header("Content-Encoding", "br").send(br);
  if (accepted.has("gzip")) return reply.header("Content-Encoding", "gzip").send(gzip);
  return reply.send(plain);
}

/** The encodings that a client takes; `q=0` says that it does not. */
function encodingsOf(header: string | string[] | undefined): ReadonlySet<string> {
  const offers = String(header ?? "").split(",");
  const taken = offers.filter((offer) => !/;\s*q=0(?:\.0*)?\s*$/.test(offer));
  return new Set(taken.map((offer) => (offer.split(";")[0] ?? "").trim().toLowerCase()));
}
