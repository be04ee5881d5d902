const place = import.meta.url;

/** What stands before the name of a command, by where this is called from: its source, a package, or a container. */
export const innboxCommand = calledBy();

/** How the sandbox is started. */
export const startCommand = place.endsWith(".ts") ? "npm start" : `${innboxCommand} dev`;

function calledBy(): string {
  if (place.endsWith(".ts")) return "npm run -s innbox --";
  return place.includes("/node_modules/") ? "npx innbox" : `${process.execPath} ${process.argv[1]}`;
}
