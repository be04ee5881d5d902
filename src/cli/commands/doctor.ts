import { Problem } from "../../core/problem.ts";
import { examine } from "../../ops/doctor.ts";
import { type Command, jsonOption } from "../command.ts";
import { printJson, table } from "../printing.ts";
import { settingOptions } from "../setting-options.ts";

export const doctorCommand: Command = {
  name: "doctor",
  summary: "Check configuration, disk and database, and say what to mend. Reads the whole database.",
  examples: ["doctor", "doctor --database sqlite:/var/lib/innbox/innbox.db --json"],
  options: [jsonOption, ...settingOptions()],
  run: async (values, terminal) => {
    const findings = await examine(values.flags, terminal.environment);
    if (values.has("json")) {
      const records = findings.map(({ subject, isWell, text }) => ({ Subject: subject, IsWell: isWell, Text: text }));
      printJson(terminal, records);
    } else {
      const rows = findings.map(({ subject, isWell, text }) => [isWell ? "well" : "MEND", subject, text]);
      terminal.out(table(["STATE", "SUBJECT", "FINDING"], rows));
    }
    const ill = findings.filter(({ isWell }) => !isWell).length;
    if (ill > 0) throw new Problem("unavailable", `${ill} of ${findings.length} findings want mending.`);
  },
};
