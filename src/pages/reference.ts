import { createReadStream, existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FastifyInstance } from "fastify";
import type { ConnectorOperation } from "../api/connector/connector-operation.ts";
import { descriptionRoute } from "../api/routes.ts";
import type { StaffOperation } from "../api/staff/staff-operation.ts";
import { exactPath } from "../http/exact-path.ts";
import { connectorApi } from "../protocol/connector/connector-api.ts";
import { staffApi } from "../protocol/staff/staff-api.ts";

/** Tokens that everybody may know, since they open a sandbox only. */
export interface PublicTokens {
  readonly ClientToken: string;
  readonly AccessToken: string;
}

const placeholders: PublicTokens = { ClientToken: "YOUR-CLIENT-TOKEN", AccessToken: "YOUR-ACCESS-TOKEN" };

/** The files of the reference, which are beside this one in the package that people install. */
const packed = new URL("swagger-ui/", import.meta.url);
const swaggerUi = existsSync(packed) ? packed.href : import.meta.resolve("swagger-ui-dist/");

const assets: Readonly<Record<string, { file: string; type: string }>> = {
  "/docs/swagger-ui.css": { file: "swagger-ui.css", type: "text/css; charset=utf-8" },
  "/docs/swagger-ui-bundle.js": { file: "swagger-ui-bundle.js", type: "text/javascript; charset=utf-8" },
};

/** Everything comes from this server, and the page may speak with no other. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Innbox Connector API</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
  <div id="reference"></div>
  <script src="/docs/swagger-ui-bundle.js"></script>
  <script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
`;

/** The descriptions of both APIs, and a reference that sends requests to this very server; nothing is loaded from elsewhere. */
export function referenceRoutes(
  server: FastifyInstance,
  operations: readonly ConnectorOperation[],
  staffOperations: readonly StaffOperation[],
  publicTokens: PublicTokens = placeholders,
  isStrict = false,
): void {
  const credentials = { ...publicTokens, Client: "Sample Client 1.0.0" };
  descriptionRoute(server, "/openapi.json", connectorApi(credentials, isStrict), operations);
  descriptionRoute(server, "/openapi-staff.json", staffApi, staffOperations);
  server.get("/docs", { onRequest: exactPath }, async (_request, reply) =>
    reply.type("text/html; charset=utf-8").header("Content-Security-Policy", contentSecurityPolicy).send(page),
  );
  server.get("/docs/start.js", { onRequest: exactPath }, async (_request, reply) =>
    reply.type("text/javascript; charset=utf-8").send(start),
  );
  for (const [path, { file, type }] of Object.entries(assets)) {
    const location = fileURLToPath(new URL(file, swaggerUi));
    server.get(path, { onRequest: exactPath }, async (_request, reply) =>
      reply.type(type).header("Cache-Control", "max-age=3600").send(createReadStream(location)),
    );
  }
}
