// A customer's site: pages on an origin of their own that load the SDK and nothing else.

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const SDK = readFileSync(new URL('../node_modules/mixpanel-browser/dist/mixpanel.globals.js', import.meta.url));

const PAGE = `<!doctype html><meta charset="utf-8"><title>Customer</title>
<button id="buy">Buy</button><a href="/next">next</a><script src="/mixpanel.js"></script>`;

export interface Site {
  origin: string;
  close(): void;
}

export async function startSite(): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const isSdk = request.url === '/mixpanel.js';
    response.setHeader('content-type', isSdk ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(isSdk ? SDK : PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}
