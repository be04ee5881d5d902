import { readConfig } from "../../config/config.ts";
import { version } from "../../core/version.ts";
import { watchDescriptors } from "../../ops/descriptors.ts";
import type { Introduction } from "../../pages/introduction.ts";
import type { PublicTokens } from "../../pages/reference.ts";
import { occupyDatabase } from "../../store/engines/sqlite/occupancy.ts";
import { type Command, usage } from "../command.ts";
import { keptIn } from "../database-text.ts";
import { innboxCommand } from "../own-command.ts";
import { sharedOption, stopWithTerminal, untilStopped, withstandSignals } from "../running.ts";
import { settingOptions } from "../setting-options.ts";

export const devCommand: Command = {
  name: "dev",
  summary: "Start the sandbox: the whole API with public demo tokens, on this machine only.",
  examples: ["dev", "dev --port 3000 --rate-limit off", "dev --database sqlite:/tmp/try.db"],
  options: [
    { name: "bare", description: "Only the published demo data: nobody at the front desk, and no made-up threads." },
    {
      name: "strict",
      description: "Without what goes beyond the published API, so that code that passes passes there.",
    },
    sharedOption,
    ...settingOptions(),
  ],
  run: async (values, { environment }) => {
    const config = usage(() => readConfig(values.flags, environment));
    // Loaded when it runs: no other command waits for the server, and a real installation has no sandbox.
    const { createSandboxServer } = await import("../../sandbox/serve/sandbox-server.ts");
    const { introductionText } = await import("../../pages/introduction.ts");
    const { sandboxPageRoutes } = await import("../../pages/sandbox-page.ts");
    const { humanLog } = await import("../../http/request-log.ts");
    const { demoTokens, seedDemoWorld } = await import("../../sandbox/demo/demo-world.ts");
    const { demoOwner, demoPassword, seedLivelyWorld } = await import("../../sandbox/demo/inbox.ts");
    const isBare = values.has("bare");
    const kept = keptIn(config.database);
    const signIn = isBare ? undefined : `${demoOwner().email} with the password "${demoPassword}"`;
    const log = humanLog(config.logBuffer);
    withstandSignals(log);
    watchDescriptors(log.note);
    stopWithTerminal();
    const isStrict = values.has("strict");
    const occupancy = occupyDatabase(config.database, { isShared: values.has("shared") });
    try {
      const sandbox = createSandboxServer(config, { log, seed: isBare ? seedDemoWorld : seedLivelyWorld, isStrict });
      sandboxPageRoutes(sandbox.server.fastify);
      const url = await sandbox.listen();
      log.note(`\n${introductionText(introduction(url, kept, demoTokens, signIn))}\n`);
      await untilStopped(sandbox, log);
    } finally {
      occupancy.release();
    }
  },
};

function introduction(url: string, kept: string, tokens: PublicTokens, signIn: string | undefined): Introduction {
  const body = { ...tokens, Client: "Chatbot 1.0.0", OriginalSender: "Jane Guest", Subject: "Late arrival" };
  const address = `${url}/api/connector/v1/messageThreads/add`;
  const curl = `curl -s ${address} -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
  return {
    title: `Innbox ${version} sandbox at ${url}`,
    paragraphs: [
      "Its tokens are public: keep it on this machine, and real guests out of it.",
      `Everything is kept in ${kept}.`,
      `Open ${url}/ and be the guest on the left, the front desk on the right, and see what goes over the wire.`,
      ...(signIn ? [`The front desk by itself: ${url}/inbox, as ${signIn}.`] : []),
      "Your program opens a message thread on a guest's behalf:",
      { command: curl },
      "Answer the guest at the front desk, or from here, with the thread's id:",
      { command: `${innboxCommand} sandbox reply --url ${url} --thread ID --text "See you tonight!"` },
      "To have your program told of it, give it an address:",
      { command: `${innboxCommand} sandbox webhook http://localhost:3000/ --url ${url}` },
      `The API, to read and to try: ${url}/docs`,
    ],
  };
}
