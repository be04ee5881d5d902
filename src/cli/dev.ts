import { readConfig } from "../config.ts";
import { type Introduction, introductionText, landingRoute } from "../pages/introduction.ts";
import type { PublicTokens } from "../pages/reference.ts";
import { version } from "../version.ts";
import { type Command, usage } from "./command.ts";
import { databaseArgument, keptIn, settingOptions } from "./help.ts";
import { untilStopped } from "./running.ts";

export const devCommand: Command = {
  name: "dev",
  summary: "Start the sandbox: the whole API with public demo tokens, on this machine only.",
  examples: ["dev", "dev --port 3000 --rate-limit off", "dev --database sqlite:/tmp/try.db"],
  options: [
    { name: "bare", description: "Only the published demo data: nobody at the front desk, and no made-up threads." },
    ...settingOptions(),
  ],
  run: async (values, terminal) => {
    const config = usage(() => readConfig(values.flags, terminal.environment));
    // Loaded when it runs: no other command waits for the server, and a real installation has no sandbox.
    const { startApp } = await import("../app.ts");
    const { humanLog } = await import("../http/request-log.ts");
    const { livelySandbox, sandbox: bareSandbox } = await import("../sandbox/sandbox.ts");
    const sandbox = values.has("bare") ? bareSandbox : livelySandbox;
    const { demoOwner, demoPassword } = await import("../sandbox/demo-inbox.ts");
    const kept = keptIn(config.database);
    const place = databaseArgument(values.text("database"));
    const signIn = values.has("bare") ? undefined : `${demoOwner.email} with the password "${demoPassword}"`;
    const introduce = (url: string) => introduction(url, kept, place, sandbox.publicTokens, signIn);
    const log = humanLog();
    const app = await startApp(config, {
      log,
      sandbox,
      addPages: (server) => landingRoute(server, introduce),
    });
    terminal.out(`\n${introductionText(introduce(app.url))}\n`);
    await untilStopped(app, log);
  },
};

function introduction(
  url: string,
  kept: string,
  place: string,
  tokens: PublicTokens,
  signIn: string | undefined,
): Introduction {
  const body = { ...tokens, Client: "curl", OriginalSender: "Jane Guest", Subject: "Late arrival" };
  const address = `${url}/api/connector/v1/messageThreads/add`;
  const curl = `curl -s ${address} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  const setWebhook = `npm run -s innbox -- webhook set${place}`;
  return {
    title: `Innbox ${version} sandbox at ${url}`,
    paragraphs: [
      "Its tokens are public: keep it on this machine, and real guests out of it.",
      `Everything is kept in ${kept}.`,
      ...(signIn ? [`The front desk: ${url}/inbox, where you may sign in as ${signIn}.`] : []),
      "Open a message thread on a guest's behalf:",
      { command: curl },
      "Then answer the guest at the front desk, or from the terminal, with the thread's id:",
      { command: `npm run -s innbox -- sandbox reply --url ${url} --thread ID --text "See you tonight!"` },
      "To have your program told of it, give it an address:",
      { command: `${setWebhook} --client-token ${tokens.ClientToken} --url http://localhost:3000/` },
      `The API, to read and to try: ${url}/docs`,
    ],
  };
}
