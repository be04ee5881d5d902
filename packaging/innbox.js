#!/usr/bin/env node
import { readFileSync } from "node:fs";
import module from "node:module";

// This file has no syntax that an older Node could not read, so that it can say which one is needed.
const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const oldest = engines.node.replace(">=", "");
const [major, minor] = process.versions.node.split(".").map(Number);
const [oldestMajor, oldestMinor] = oldest.split(".").map(Number);

if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  process.stderr.write(`Innbox needs Node ${oldest} or newer, and this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  // Node 24 warns that its SQLite is experimental. Users of Innbox can do nothing about that.
  const printers = process.listeners("warning");
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    if (warning.name === "ExperimentalWarning" && warning.message.startsWith("SQLite")) return;
    for (const print of printers) print(warning);
  });
  module.enableCompileCache();
  await import("../dist/main.js");
}
