import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// `npm run dev` serves the pages from source and passes the API on to a running server.
const server = process.env["BULKHEAD_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: "es2022",
    // A `data:` address would be refused by the page's policy (`default-src 'self'`).
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // The text catalogues stand at the repository root: the server reads them too.
    fs: { allow: [".", "../locales"] },
    proxy: { "/api": server, "/track": server },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
