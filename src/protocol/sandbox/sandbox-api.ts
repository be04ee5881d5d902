import { type Api, commonStatuses } from "../openapi.ts";

const { 429: _limited, ...statuses } = commonStatuses;

/** The sandbox's own API as it is described. */
export const sandboxApi: Api = {
  title: "Innbox sandbox API",
  description:
    "Has the other side do what it is told, on this machine only and without tokens. It is about the world that the " +
    "address names, as in http://NAME.localhost:8080, or the header Innbox-World, or else the default one.",
  basePath: "/sandbox/v1",
  statuses: { ...statuses, 409: "It can't be done as things are; the message says why." },
  parts: ({ failure }) => ({
    paths: {
      "/sandbox/v1/live": {
        get: {
          operationId: "live",
          tags: ["traffic"],
          summary: "What happens in the world, as it happens",
          description:
            "Server-sent events: traffic for each entry, with its number as the id, so that a browser that comes back " +
            "goes on there; state when the clock, the faults, the autopilot or a run has changed; over when the world " +
            "has ended, by a reset or a drop.",
          responses: { 200: { description: "A stream.", content: { "text/event-stream": {} } } },
        },
      },
      "/sandbox/v1/export": {
        get: {
          operationId: "export",
          tags: ["state"],
          summary: "Export all data of the world",
          description: "JSON lines, which state/import takes.",
          responses: {
            200: { description: "One line a row.", content: { "application/jsonl": {} } },
            409: failure("It can't be done."),
          },
        },
      },
    },
  }),
};
