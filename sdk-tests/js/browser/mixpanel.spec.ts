// The official browser SDK, unchanged, in a real browser on another origin than the server's.

import { expect, test, type Page } from '@playwright/test';
import { eventually, startServer } from '../server.mjs';
import { type Site, startSite } from './site';

let server: Awaited<ReturnType<typeof startServer>>;
let site: Site;

test.beforeAll(async () => {
  server = await startServer();
  site = await startSite();
});
test.afterAll(async () => {
  site.close();
  await server.stop();
});

/** Opens a page of the site with the SDK as an app sets it up: `api_host` changed and nothing else needed. */
async function open(page: Page, path: string, options: Record<string, unknown> = {}) {
  const wrong: string[] = [];
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  page.on('pageerror', (error) => wrong.push(String(error)));
  await page.goto(`${site.origin}${path}`);
  await page.evaluate(
    ([token, api_host, more]) => (window as any).mixpanel.init(token, { api_host, ...(more as object) }),
    [server.project.token, server.base, options] as const,
  );
  return wrong;
}

const run = (page: Page, code: string) => page.evaluate((text) => new Function('mixpanel', text)((window as any).mixpanel), code);
const names = async (name: string, count: number) => {
  await eventually(async () => (await server.exported(name)).length >= count);
  return server.exported(name);
};

test('batched events with emoji arrive whole, once', async ({ page }) => {
  const wrong = await open(page, '/', { batch_flush_interval_ms: 300 });
  await run(page, `for (let n = 0; n < 60; n += 1) mixpanel.track('Batched', { n, emoji: '🎉 ünï', cut: '🎉'.repeat(200) })`);
  const events = await names('Batched', 60);
  expect(events.map((event: any) => event.n).sort((a: number, b: number) => a - b)).toEqual([...Array(60).keys()]);
  expect(events[0].emoji).toBe('🎉 ünï');
  expect(events[0].$browser).toBe('Chrome');
  expect(events[0].mp_lib).toBe('web');
  expect(wrong).toEqual([]);
});

test('an event flushed by the beacon on leaving, and sent again by the next page, counts once', async ({ page }) => {
  await open(page, '/', { batch_flush_interval_ms: 2000 });
  const beacon = page.waitForRequest((request) => request.url().includes('/track/') && request.method() === 'POST');
  await run(page, `mixpanel.track('Left', { mark: 1 })`);
  await page.goto('about:blank');
  await beacon;
  expect(await names('Left', 1)).toHaveLength(1);
  const resent = page.waitForRequest((request) => request.url().includes('/track/'));
  await open(page, '/next', { batch_flush_interval_ms: 500 });
  await resent;
  await run(page, `mixpanel.track('After', {})`);
  await names('After', 1);
  expect(await server.exported('Left')).toHaveLength(1);
});

test('a visitor who signs in is one person, before and after', async ({ page }) => {
  await open(page, '/', { batch_requests: false });
  await run(page, `mixpanel.reset(); mixpanel.track('Seen', { when: 'before' })`);
  await names('Seen', 1);
  await run(page, `mixpanel.identify('user-1'); mixpanel.people.set({ plan: 'pro', $email: 'someone@example.com' }); mixpanel.track('Seen', { when: 'after' })`);
  const events = await names('Seen', 2);
  expect(new Set(events.map((event: any) => event.distinct_id))).toEqual(new Set(['user-1']));
  expect(await eventually(async () => (await server.profile('user-1'))?.plan === 'pro')).toBe(true);
});

test('groups, JSON payloads, GET and sendBeacon', async ({ page }) => {
  await open(page, '/', { batch_requests: false });
  await run(page, `mixpanel.get_group('company', 'acme').set({ tier: 'gold' })`);
  expect(await eventually(async () => {
    try {
      const answer = await (await server.ask('/api/2.0/engage', { data_group_id: 'company' })).json();
      return answer.results[0]?.$properties.tier === 'gold';
    } catch {
      return false;
    }
  })).toBe(true);
  for (const [name, options] of Object.entries({
    Json: { api_payload_format: 'json' },
    Get: { api_method: 'GET' },
    Beacon: { api_transport: 'sendBeacon' },
    Verbose: { verbose: true },
  })) {
    await open(page, '/', { batch_requests: false, ...options });
    await run(page, `mixpanel.track('Way ${name}', { emoji: '🎉' })`);
    const [event] = await names(`Way ${name}`, 1);
    expect(event?.emoji, name).toBe('🎉');
  }
});

test('callbacks hear the answer, settings and flags stay quiet', async ({ page }) => {
  const wrong = await open(page, '/', { batch_requests: false, flags: true, remote_settings_mode: 'fallback' });
  const answer = await page.evaluate(
    () => new Promise((resolve) => (window as any).mixpanel.track('Heard', {}, resolve)),
  );
  expect(answer).toBe(1);
  expect(wrong).toEqual([]);
});
