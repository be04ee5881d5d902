import type { FastifyInstance } from "fastify";
import { exactPath } from "../http/exact-path.ts";

/** What a server says of itself, in the terminal and at `/`: a heading, sentences, and commands to paste. */
export interface Introduction {
  readonly title: string;
  readonly paragraphs: readonly (string | { readonly command: string })[];
}

export function introductionText({ title, paragraphs }: Introduction): string {
  return [title, ...paragraphs.map((part) => (typeof part === "string" ? part : `  ${part.command}`))].join("\n");
}

const contentSecurityPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

const style = `
    :root { color-scheme: light dark; }
    body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 46rem; margin: 12vh auto; padding: 0 1.5rem; }
    h1 { font-size: 1.6rem; }
    pre { padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border-radius: .5rem;
      background: color-mix(in srgb, currentColor 8%, transparent); }
  `;

/** The page at `/` of a real installation. */
export function landingRoute(server: FastifyInstance, introduction: Introduction): void {
  const page = pageOf(introduction);
  server.get("/", { onRequest: exactPath }, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").header("Content-Security-Policy", contentSecurityPolicy).send(page),
  );
}

function pageOf({ title, paragraphs }: Introduction): string {
  const content = paragraphs.map((part) =>
    typeof part === "string" ? `<p>${escaped(part)}</p>` : `<pre>${escaped(part.command)}</pre>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escaped(title)}</title>
  <link rel="icon" href="data:,">
  <style>${style}</style>
</head>
<body>
  <h1>${escaped(title)}</h1>
  ${content.join("\n  ")}
  <p><a href="/inbox">Inbox</a> · <a href="/docs">Reference</a> · <a href="/openapi.json">OpenAPI description</a></p>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
