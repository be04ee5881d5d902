import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { FastifyReply, FastifyRequest } from "fastify";
import { notFound } from "../http/exact-path.ts";

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

export interface BuiltPage {
  /** Of its folder in web/dist; its files are below `/NAME/assets/`. */
  readonly name: string;
  /** The addresses at which the page itself is. */
  readonly address: RegExp;
  /** Who may show it in a frame. */
  readonly frameAncestors: "'none'" | "'self'";
  /** Whether it shows pages of this server in frames itself. */
  readonly hasFrames?: boolean;
}

/** Answers with a page that Vite has built, and with its files; 503 with the way out while it is not built. */
export function builtPage({ name, address, frameAncestors, hasFrames = false }: BuiltPage) {
  const files = readFiles(name);
  const page = files.get(`/${name}/index.html`);
  const policy = contentSecurityPolicy(frameAncestors, hasFrames);

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const [path = ""] = (request.raw.url ?? "").split("?");
    reply.header("X-Content-Type-Options", "nosniff");
    const asset = path.startsWith(`/${name}/assets/`) ? files.get(path) : undefined;
    if (asset) {
      // Its name has its content's digest in it.
      reply.header("Cache-Control", "public, max-age=31536000, immutable");
      return send(request, reply, asset);
    }
    if (!address.test(path)) throw notFound();
    if (!page) {
      return reply.code(503).type("text/plain; charset=utf-8").send("This page is not built yet: npm run prepare\n");
    }
    reply.header("Cache-Control", "no-cache");
    reply.header("Content-Security-Policy", policy);
    reply.header("Referrer-Policy", "no-referrer");
    return send(request, reply, page);
  };
}

/** The page asks this server alone, and nothing in it runs that did not come as a file of its own. */
function contentSecurityPolicy(frameAncestors: string, hasFrames: boolean): string {
  return (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    `media-src 'self' data:; connect-src 'self'; ${hasFrames ? "frame-src 'self'; " : ""}manifest-src 'self'; ` +
    `base-uri 'none'; form-action 'none'; frame-ancestors ${frameAncestors}`
  );
}

/** Read once: what is not in this table is at no address. */
function readFiles(name: string): ReadonlyMap<string, PageFile> {
  const folder = fileURLToPath(new URL(`../../web/dist/${name}`, import.meta.url));
  const files = new Map<string, PageFile>();
  for (const file of namesIn(folder)) {
    const type = types[extname(file)];
    if (!type) continue;
    const read = (suffix: string) => readFileSync(`${folder}/${file}${suffix}`);
    files.set(`/${name}/${file}`, { type, plain: read(""), br: read(".br"), gzip: read(".gz") });
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
