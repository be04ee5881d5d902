import type Type from "typebox";
import type { Autopilot, Persona } from "../../protocol/sandbox/autopilot.ts";
import { autopilotModes, autopilotPaces } from "../../protocol/sandbox/kinds.ts";
import type { Command, Option, Values } from "../command.ts";
import { printJson, table } from "../printing.ts";
import { askSandbox, given, numberIn, oneOf, sandboxCommand, sandboxOptions } from "./sandbox-request.ts";

const settings: readonly Option[] = [
  { name: "mode", placeholder: "MODE", description: `What the staff do: ${autopilotModes.join(", ").toLowerCase()}.` },
  {
    name: "pace",
    placeholder: "PACE",
    description: "How soon: slow (minutes), normal (seconds) or impatient (at once). Default normal.",
  },
  { name: "delay", placeholder: "TIME", description: "Answer after exactly this time, as in 2s." },
  { name: "resolve-after", placeholder: "TIME", description: "Resolve a thread after so long a silence, as in 10m." },
  { name: "persona", placeholder: "NAME", description: "Of persona: who answers. Default: all in turn." },
  {
    name: "language",
    placeholder: "CODE",
    description: "Of persona: the language of the answers. Default: the guest's.",
  },
  { name: "reply", placeholder: "TEXT", description: "Of script: what is said next.", isRepeatable: true },
  { name: "thread", placeholder: "ID", description: "Only in this thread.", isRepeatable: true },
  {
    name: "seed",
    placeholder: "N",
    description: "The same seed answers the same conversation in the same way. Default 1.",
  },
];

const autopilotCommand: Command = {
  name: "sandbox autopilot",
  summary: "Have the staff answer by themselves, or see what they do.",
  examples: [
    "sandbox autopilot",
    "sandbox autopilot echo --pace slow",
    'sandbox autopilot --reply "Good evening!" --reply "With pleasure." --delay 2s',
    "sandbox autopilot persona --persona warm --resolve-after 10m --seed 7",
    "sandbox autopilot off",
  ],
  options: [...settings, ...sandboxOptions],
  operand: "mode",
  run: async (values, terminal) => {
    const isSet = settings.some(({ name }) => values.has(name));
    const answer = isSet
      ? await askSandbox<{ Autopilot: Autopilot }>(values, "autopilot/set", autopilotIn(values))
      : await askSandbox<{ Autopilot: Autopilot }>(values, "autopilot/get");
    if (values.has("json")) return printJson(terminal, answer);
    for (const [name, value] of Object.entries(answer.Autopilot)) {
      terminal.out(`${name}: ${[value].flat().join(" | ")}`);
    }
  },
};

/** The input of autopilot/set. Without `--mode`, a line to reply with implies a script, and anything else a persona. */
function autopilotIn(values: Values): object {
  const lines = values.all("reply");
  const threads = values.all("thread");
  const implied = lines.length > 0 ? "Script" : "Persona";
  return given({
    Mode: oneOf(values, "mode", autopilotModes) ?? implied,
    Pace: oneOf(values, "pace", autopilotPaces),
    Delay: values.text("delay"),
    ResolveAfter: values.text("resolve-after"),
    Persona: values.text("persona"),
    LanguageCode: values.text("language"),
    Replies: lines.length > 0 ? lines : undefined,
    MessageThreadIds: threads.length > 0 ? threads : undefined,
    Seed: numberIn(values, "seed"),
  });
}

const personasCommand = sandboxCommand<{ Personas: readonly Type.Static<typeof Persona>[] }>({
  name: "personas",
  summary: "List who may answer on autopilot.",
  examples: ["personas"],
  operation: "personas/getAll",
  out: ({ Personas }) =>
    table(
      ["NAME", "LANGUAGES", "DESCRIPTION"],
      Personas.map(({ Name, LanguageCodes, Description }) => [Name, LanguageCodes.join(", "), Description]),
    ),
});

export const sandboxAutopilotCommands: readonly Command[] = [autopilotCommand, personasCommand];
