import { within } from "../../core/deadline.ts";
import { claimInstallation } from "../../store/directory/installation.ts";
import { administer, databaseOptions, identifier } from "../administration.ts";
import { type Command, jsonOption, type Option, type Terminal, UsageError, type Values } from "../command.ts";
import { printMade } from "../printing.ts";
import { askSandbox, given, urlOption, worldOption } from "./sandbox-request.ts";

type StaffAction = "reply" | "resolve" | "reopen";

const notes: Readonly<Record<StaffAction, string>> = {
  reply: "Replied. The message's id:",
  resolve: "The thread is resolved. Its id:",
  reopen: "The thread is open again. Its id:",
};

const threadOption: Option = {
  name: "thread",
  placeholder: "ID",
  description: "The message thread.",
  isRequired: true,
};

const placeOptions: readonly Option[] = [
  { ...urlOption, description: urlOption.description.replace(/\.$/, ", unless --database is given.") },
  worldOption,
  ...databaseOptions.map((option) =>
    option.name === "database" ? { ...option, description: "Open this database instead of asking a sandbox." } : option,
  ),
  jsonOption,
];

function staffCommand(
  action: StaffAction,
  summary: string,
  examples: readonly string[],
  options: readonly Option[] = [],
): Command {
  return {
    name: `sandbox ${action}`,
    summary,
    examples,
    options: [threadOption, ...options, ...placeOptions],
    run: async (values, terminal) => {
      const MessageThreadId = identifier("thread", values.required("thread"));
      const made = await carryOut(action, given({ MessageThreadId, Text: values.text("text") }), values, terminal);
      printMade(terminal, values, made, notes[action], made.Id);
    },
  };
}

interface Made {
  readonly Id: string;
}

async function carryOut(action: StaffAction, input: object, values: Values, terminal: Terminal): Promise<Made> {
  if (values.text("database") === undefined) return askSandbox<Made>(values, `messageThreads/${action}`, input);
  const other = ["url", "world"].find((name) => values.has(name));
  if (other) throw new UsageError(`Give --${other} or --database, not both.`);
  const { sandboxStaffOperations } = await import("../../api/sandbox/staff.ts");
  const operation = sandboxStaffOperations.find(({ description }) => description.action === action);
  return administer(values, terminal, async ({ store, ...parts }) => {
    await claimInstallation(store.db, "sandbox");
    const db = store.until(within(Number.POSITIVE_INFINITY));
    const answer = await operation?.run({ ...parts, db }, { input, address: "", userAgent: "" });
    return answer?.body as Made;
  });
}

export const sandboxStaffCommands: readonly Command[] = [
  staffCommand(
    "reply",
    "Answer a guest as the property's staff would.",
    ['sandbox reply --thread 8d02142f-31cf-4115-90bf-ae5200c7a1ba --text "We look forward to it."'],
    [{ name: "text", placeholder: "TEXT", description: "The reply.", isRequired: true }],
  ),
  staffCommand("resolve", "Resolve a thread as the property's staff would.", [
    "sandbox resolve --thread 8d02142f-31cf-4115-90bf-ae5200c7a1ba",
  ]),
  staffCommand("reopen", "Reopen a thread as the property's staff would.", [
    "sandbox reopen --thread 8d02142f-31cf-4115-90bf-ae5200c7a1ba",
  ]),
];
