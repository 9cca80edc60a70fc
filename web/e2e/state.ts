import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("./.state/", import.meta.url);

/** The signed-in browser, as the first run leaves it. */
export const STATE = fileURLToPath(new URL("session.json", folder));
/** Where the server under test is; written by `server.ts`. */
export const SERVER = fileURLToPath(new URL("server.json", folder));

export interface Server {
  url: string;
  enrolment: string;
  /** Nothing has been sent to it yet. */
  fresh: boolean;
  /** Process to end after the run; none where the server was given. */
  pid?: number;
}

export function server(): Server {
  if (!existsSync(SERVER)) throw new Error("no server: global setup has not run");
  return JSON.parse(readFileSync(SERVER, "utf8"));
}
