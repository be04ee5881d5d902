import { Problem } from "../errors.ts";
import type { StaffAction } from "../sandbox/staff.ts";
import { claimInstallation } from "../store/installation.ts";
import { administer, databaseOptions, identifier } from "./administration.ts";
import { type Command, jsonOption, type Option, type Terminal, UsageError, type Values } from "./command.ts";

const defaultUrl = "http://127.0.0.1:8080";

const threadOption: Option = {
  name: "thread",
  placeholder: "ID",
  description: "The message thread.",
  isRequired: true,
};

const placeOptions: readonly Option[] = [
  {
    name: "url",
    placeholder: "URL",
    description: `The running sandbox. Default ${defaultUrl}, unless --database is given.`,
  },
  ...databaseOptions.map((option) =>
    option.name === "database" ? { ...option, description: "Open this database instead of asking a sandbox." } : option,
  ),
  jsonOption,
];

function staffCommand(
  action: StaffAction,
  summary: string,
  examples: readonly string[],
  options: readonly Option[],
): Command {
  return {
    name: `sandbox ${action}`,
    summary,
    examples,
    options: [threadOption, ...options, ...placeOptions],
    run: async (values, terminal) => {
      const text = values.text("text");
      const input = {
        MessageThreadId: identifier("thread", values.required("thread")),
        ...(text !== undefined && { Text: text }),
      };
      const document = await carryOut(action, input, values, terminal);
      const made = JSON.parse(document) as { Id: string };
      if (values.has("json")) return terminal.out(JSON.stringify(made, null, 2));
      terminal.note(action === "reply" ? "Replied. The message's id:" : `The thread is ${past[action]}. Its id:`);
      terminal.out(made.Id);
    },
  };
}

const past = { resolve: "resolved", reopen: "open again" } as const;

async function carryOut(action: StaffAction, input: object, values: Values, terminal: Terminal): Promise<string> {
  const { url, database } = values.flags;
  if (url !== undefined && database !== undefined) throw new UsageError("Give --url or --database, not both.");
  if (database !== undefined) {
    const { staffActions } = await import("../sandbox/staff.ts");
    return administer(values, terminal, async (parts) => {
      await claimInstallation(parts.store.db, "sandbox");
      return staffActions[action](parts, input);
    });
  }

  const address = `${(url ?? defaultUrl).replace(/\/+$/, "")}/sandbox/v1/messageThreads/${action}`;
  if (!/^https?:\/\//.test(address) || !URL.canParse(address))
    throw new UsageError(`--url must be an address such as ${defaultUrl}, not "${url}".`);
  const answer = await post(address, input);
  const body = await answer.text();
  if (answer.ok) return body;
  throw new Problem("unavailable", messageOf(body) ?? `${address} answered ${answer.status}.`);
}

async function post(address: string, input: object): Promise<Response> {
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(input),
      signal: AbortSignal.timeout(30_000),
    });
  } catch (error) {
    const { origin } = new URL(address);
    throw new Problem("unavailable", `No sandbox answers at ${origin}. Start one with npm start, or give --database.`, {
      cause: error,
    });
  }
}

function messageOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { Message?: string }).Message;
  } catch {
    return undefined;
  }
}

export const sandboxCommands: readonly Command[] = [
  staffCommand(
    "reply",
    "Answer a guest as the property's staff would.",
    ['sandbox reply --thread 8d02142f-31cf-4115-90bf-ae5200c7a1ba --text "We look forward to it."'],
    [{ name: "text", placeholder: "TEXT", description: "The reply.", isRequired: true }],
  ),
  staffCommand(
    "resolve",
    "Resolve a thread as the property's staff would.",
    ["sandbox resolve --thread 8d02142f-31cf-4115-90bf-ae5200c7a1ba"],
    [],
  ),
  staffCommand(
    "reopen",
    "Reopen a thread as the property's staff would.",
    ["sandbox reopen --thread 8d02142f-31cf-4115-90bf-ae5200c7a1ba"],
    [],
  ),
];
