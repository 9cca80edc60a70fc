/**
 * The server under test.
 *
 * `BULKHEAD_URL` and `BULKHEAD_ENROL_URL`: one that runs already, `bulkhead demo` for instance.
 * Otherwise `BULKHEAD_BIN` (default: the debug build) is started on an empty data directory.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SERVER, type Server } from "./state";

const READY_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 100;

export default async function start(): Promise<() => void | Promise<void>> {
  mkdirSync(dirname(SERVER), { recursive: true });
  const given = process.env["BULKHEAD_URL"];
  if (given) {
    const enrolment = process.env["BULKHEAD_ENROL_URL"];
    if (!enrolment) throw new Error("BULKHEAD_URL needs BULKHEAD_ENROL_URL, a one-time link that is not used yet");
    keep({ url: given, enrolment, fresh: process.env["BULKHEAD_FRESH"] === "1" });
    return () => undefined;
  }

  const binary = process.env["BULKHEAD_BIN"] ?? fileURLToPath(new URL("../../target/debug/bulkhead", import.meta.url));
  if (!existsSync(binary)) throw new Error(`no server at ${binary}: set BULKHEAD_BIN, or BULKHEAD_URL and BULKHEAD_ENROL_URL`);
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-e2e-"));
  const data = join(folder, "data");
  const listen = `127.0.0.1:${await freePort()}`;
  const printed = execFileSync(binary, ["init", "--data-dir", data, "--project", "Browser tests", "--timezone", "UTC", "--json"], {
    encoding: "utf8",
  });
  const child = spawn(binary, ["serve", "--data-dir", data, "--listen", listen], { stdio: ["ignore", "inherit", "inherit"] });
  const url = `http://${listen}`;
  // The link is printed before the address is known: only its path and code are certain.
  const link = new URL(JSON.parse(printed).enrolment_url, url);
  keep({ url, enrolment: `${url}${link.pathname}${link.hash}`, fresh: true, pid: child.pid });
  await ready(url);
  return async () => {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

function keep(server: Server): void {
  writeFileSync(SERVER, JSON.stringify(server));
}

async function ready(url: string): Promise<void> {
  const until = Date.now() + READY_WITHIN_MS;
  while (Date.now() < until) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new Error(`the server at ${url} was not ready within ${READY_WITHIN_MS} ms`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no free port"))));
    });
  });
}
