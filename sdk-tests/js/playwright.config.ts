import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'browser',
  workers: 1,
  reporter: 'line',
  timeout: 120_000,
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
});
