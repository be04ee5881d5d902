import { type Api, commonStatuses } from "../openapi.ts";
import { actingForParameters } from "./acting-for.ts";
import { LiveChanges, LiveHello, LivePresence } from "./live.ts";

const statuses = {
  ...commonStatuses,
  401: "Nobody is signed in, or the address or the password is wrong.",
  403: "The caller has no right to do this, or not there.",
  409: "The thread has a message that the writer has not seen; nothing was sent.",
  412: "The caller acts for one person, and the cookie is another's; nothing was done.",
};

/** The staff API as it is described. */
export const staffApi: Api = {
  title: "Innbox staff API",
  description:
    "What the property's own people do, as the inbox at /inbox does it. Whoever signs in gets a cookie, which every " +
    "other operation needs.",
  basePath: "/api/staff/v1",
  parameters: [actingForParameters.header],
  statuses,
  parts: ({ schema, failure }) => ({
    paths: {
      "/api/staff/v1/live": {
        get: {
          operationId: "live",
          tags: ["live"],
          summary: "What happens, as it happens",
          description:
            "Server-sent events: hello once, changes after every commit, presence when somebody opens or leaves a " +
            "thread, session-ended or session-changed at the end. Whoever comes back with the last id goes on after " +
            "it: nothing is lost, and nothing comes twice.",
          parameters: [
            {
              name: "after",
              in: "query",
              required: false,
              description: "The id of the last event; the header Last-Event-ID comes before it. Default: now.",
              schema: { type: "string" },
            },
            actingForParameters.query,
          ],
          responses: {
            200: {
              description: "A stream of hello, changes and presence.",
              content: {
                "text/event-stream": {
                  schema: { oneOf: [schema(LiveHello), schema(LiveChanges), schema(LivePresence)] },
                },
              },
            },
            401: failure(statuses[401]),
            412: failure(statuses[412]),
          },
        },
      },
    },
  }),
};
