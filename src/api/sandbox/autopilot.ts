import { getAllPersonas, getAutopilot, setAutopilot } from "../../protocol/sandbox/autopilot.ts";
import { personaLanguageCodes } from "../../sandbox/autopilot/persona-language.ts";
import { personas } from "../../sandbox/autopilot/personas.ts";
import { type SandboxOperation, sandboxOperation, unlimitedOperation } from "./sandbox-operation.ts";

export const autopilotOperations: readonly SandboxOperation[] = [
  sandboxOperation(getAutopilot, ({ autopilot }) => ({ body: { Autopilot: autopilot.state() } })),
  unlimitedOperation(setAutopilot, async ({ autopilot }, { input }) => {
    autopilot.set(input);
    await autopilot.idle();
    return { body: { Autopilot: autopilot.state() } };
  }),
  sandboxOperation(getAllPersonas, () => ({
    body: {
      Personas: personas.map(({ name, description }) => ({
        Name: name,
        Description: description,
        LanguageCodes: personaLanguageCodes,
      })),
    },
  })),
];
