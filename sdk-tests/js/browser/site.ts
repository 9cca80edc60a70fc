// A customer's site: pages on an origin of their own that load the SDK and nothing else.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const dist = (name: string) => readFileSync(new URL(`../node_modules/mixpanel-browser/dist/${name}`, import.meta.url));

/** The SDK as a bundler takes it, and as the vendor's snippet loads it. */
const SCRIPTS: Record<string, Buffer> = {
  '/module.js': dist('mixpanel.umd.js'),
  '/snippet.js': dist('mixpanel-jslib-snippet.min.js'),
  '/library.js': dist('mixpanel.globals.js'),
};

const page = (scripts: string) => `<!doctype html><meta charset="utf-8"><title>Customer</title>${scripts}
<button id="buy">Buy</button><a href="/next">next</a>`;

/** The snippet is called before the library is there: it queues, and the library catches up. */
const SNIPPET = `<script>MIXPANEL_CUSTOM_LIB_URL = '/library.js'</script><script src="/snippet.js"></script><script>
  const { token, api_host } = Object.fromEntries(new URLSearchParams(location.search));
  mixpanel.init(token, { api_host, batch_requests: false });
  mixpanel.track('From the snippet', { queued: true });
</script>`;

export interface Site {
  origin: string;
  close(): void;
}

export async function startSite(): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    const script = SCRIPTS[pathname];
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(script ?? page(pathname === '/snippet' ? SNIPPET : '<script src="/module.js"></script>'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}
