import { signal } from "@preact/signals";
import type { Autopilot } from "../../../src/protocol/sandbox/autopilot.ts";
import { browserKeep, browserKept } from "../../shared/browser-kept.ts";
import { autopilot, setAutopilot } from "../world.ts";

/** How the staff answer by themselves while nobody has said otherwise. */
const friendly: Autopilot = { Mode: "Persona", Delay: "2s" };

/** Whether a guest of this page is to be answered without anybody at the desk. */
export const isAnswering = signal(browserKept<boolean>("sandbox-answers") ?? true);

/** Whether the staff would answer in a thread by themselves. */
export function covers({ Mode, MessageThreadIds }: Autopilot, threadId: string): boolean {
  return Mode !== "Off" && (MessageThreadIds?.includes(threadId) ?? true);
}

/** Has the staff answer from the next message on, if that is wanted; what somebody has set stays. @throws Refusal */
export async function ensureAnswers(): Promise<void> {
  if (isAnswering.value && autopilot.value.Mode === "Off") await setAutopilot(friendly);
}

/** Turns it on at once or with the guest's first words, or off. @throws Refusal */
export async function setAnswering(wanted: boolean, threadId: string | undefined): Promise<void> {
  isAnswering.value = wanted;
  browserKeep("sandbox-answers", wanted);
  const set = autopilot.value;
  if (!wanted && set.Mode !== "Off") await setAutopilot({ Mode: "Off" });
  if (wanted && threadId && !covers(set, threadId)) await setAutopilot(friendly);
}
