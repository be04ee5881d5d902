import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { optional, text, uuids } from "../values.ts";
import { autopilotModes, autopilotPaces } from "./kinds.ts";
import { duration } from "./sandbox-values.ts";

/**
 * `Off`: nothing. `Echo`: repeat what the guest wrote. `Script`: say the lines of `Replies` one after the other, in each
 * thread from the first. `Persona`: answer as a person of that character would.
 */
export const Autopilot = Type.Object(
  {
    Mode: Type.Enum([...autopilotModes]),
    Pace: Type.Optional(
      Type.Enum([...autopilotPaces], {
        description: "Slow answers after minutes, Normal after some seconds, Impatient at once. Normal by default.",
      }),
    ),
    Delay: optional(duration("Answers after exactly this time, whatever the pace.")),
    ResolveAfter: optional(duration("Resolves a thread after so long a silence. Never by default.")),
    Persona: optional(
      text(40, { description: "Of Persona: by name, as personas/getAll lists them; all in turn by default." }),
    ),
    LanguageCode: optional(
      text(20, { description: "Of Persona: the language it answers in. The guest's by default." }),
    ),
    Replies: optional(
      Type.Array(text(65_536), {
        minItems: 1,
        maxItems: 1000,
        description: "Of Script. After the last one it is silent.",
      }),
    ),
    MessageThreadIds: optional(uuids("Only in these threads.")),
    Seed: optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: "1 by default." })),
  },
  { $id: "Autopilot" },
);
export type Autopilot = Type.Static<typeof Autopilot>;

export const getAutopilot = describeOperation({
  resource: "autopilot",
  action: "get",
  summary: "Read the autopilot",
  description: "What the staff do by themselves.",
  input: Type.Object({}),
  output: Type.Object({ Autopilot }),
  example: { request: {}, answer: { Autopilot: { Mode: "Off" } } },
});

export const setAutopilot = describeOperation({
  resource: "autopilot",
  action: "set",
  summary: "Set the autopilot",
  description:
    "From the next message of a guest on. The same conversation with the same seed is answered in the same way, at the " +
    "same times of the world's clock.",
  input: Autopilot,
  output: Type.Object({ Autopilot }),
  example: {
    request: { Mode: "Script", Replies: ["Good evening! We will be there all night."], Delay: "2s" },
    answer: { Autopilot: { Mode: "Script", Replies: ["Good evening! We will be there all night."], Delay: "2s" } },
  },
});

export const Persona = Type.Object(
  { Name: Type.String(), Description: Type.String(), LanguageCodes: Type.Array(Type.String()) },
  { $id: "Persona" },
);

export const getAllPersonas = describeOperation({
  resource: "personas",
  action: "getAll",
  summary: "List the personas",
  description: "Who may answer on autopilot.",
  input: Type.Object({}),
  output: Type.Object({ Personas: Type.Array(Persona) }),
  example: {
    request: {},
    answer: { Personas: [{ Name: "warm", Description: "Friendly, takes the time.", LanguageCodes: ["en", "de"] }] },
  },
});
