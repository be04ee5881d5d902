import { signal } from "@preact/signals";
import type { Autopilot } from "../../../src/protocol/sandbox/autopilot.ts";
import { browserKeep, browserKept } from "../../shared/browser-kept.ts";
import { autopilot, setAutopilot } from "../world.ts";

/** How the staff answer by themselves unless the autopilot was set otherwise. */
const friendly: Autopilot = { Mode: "Persona", Delay: "2s" };

/** Whether the autopilot is to answer the guest of this page. */
export const isAnswering = signal(browserKept<boolean>("sandbox-answers") ?? true);

/** Whether the staff would answer in a thread by themselves. */
export function covers({ Mode, MessageThreadIds }: Autopilot, threadId: string): boolean {
  return Mode !== "Off" && (MessageThreadIds?.includes(threadId) ?? true);
}

/**
 * Turns the autopilot on if the guest is to be answered and it is off. An autopilot that is on stays as it is.
 * @throws Refusal
 */
export async function ensureAnswers(): Promise<void> {
  if (isAnswering.value && autopilot.value.Mode === "Off") await setAutopilot(friendly);
}

/** Turns the autopilot off, or on: at once if there is a thread, else with the guest's first words. @throws Refusal */
export async function setAnswering(wanted: boolean, threadId: string | undefined): Promise<void> {
  isAnswering.value = wanted;
  browserKeep("sandbox-answers", wanted);
  const set = autopilot.value;
  if (!wanted && set.Mode !== "Off") await setAutopilot({ Mode: "Off" });
  if (wanted && threadId && !covers(set, threadId)) await setAutopilot(friendly);
}
