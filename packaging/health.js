import { get } from "node:http";

// For the container's health check: exit code 0 while the server in it is ready.
const port = process.env.INNBOX_PORT || "8080";
const request = get({ host: "127.0.0.1", port, path: "/health/ready", timeout: 4000 }, (answer) => {
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
  answer.pipe(process.stdout);
});
request.on("timeout", () => request.destroy(new Error("It does not answer.")));
request.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
