import { defineConfig, devices } from "@playwright/test";
import { STATE } from "./e2e/state";

// Debian's chromium: no browser is downloaded. Off: everything that would talk to anyone but the server under test.
const quiet =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/server.ts",
  // One server, one project: what one spec sends, the next one would count.
  workers: 1,
  forbidOnly: true,
  reporter: "list",
  timeout: 60_000,
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1280, height: 900 },
    locale: "en",
    timezoneId: "UTC",
    screenshot: "only-on-failure",
    launchOptions: { executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: quiet.split(" ") },
  },
  projects: [
    { name: "first run", testMatch: "first-run.setup.ts" },
    { name: "pages", testMatch: "*.spec.ts", dependencies: ["first run"], use: { storageState: STATE } },
  ],
});
