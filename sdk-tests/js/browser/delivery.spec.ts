// Nothing lost and nothing twice, whichever way the browser SDK sends.

import { expect, test } from '@playwright/test';
import { call, Customer, payload, run } from './customer';

let customer: Customer;

test.beforeAll(async () => {
  customer = await Customer.open();
});
test.afterAll(() => customer.close());

test('batched events with emoji arrive whole, once', async ({ page }) => {
  const complaints = await customer.visit(page, '/', { batch_flush_interval_ms: 300 });
  const sent = page.waitForRequest((request) => request.url().includes('/track/'));
  await run(page, `for (let n = 0; n < 60; n += 1) mixpanel.track('Batched', { n, emoji: '🎉 ünï', cut: '🎉'.repeat(200) })`);
  const events = await customer.events('Batched', 60);
  expect(events.map((event) => event.n).sort((a, b) => a - b)).toEqual([...Array(60).keys()]);
  expect(events[0].emoji).toBe('🎉 ünï');
  // The SDK cuts at 255 UTF-16 units, here in the middle of the 128th.
  expect(events[0].cut).toBe(`${'🎉'.repeat(127)}\ufffd`);
  expect(events[0].$browser).toBe('Chrome');
  expect(events[0].mp_lib).toBe('web');
  expect(complaints).toEqual([]);
  // That was the hard case: CESU-8, where each half of a pair is a character of its own.
  expect(payload((await sent).postData()).includes(Buffer.from('eda0bcedbe89', 'hex'))).toBe(true);
});

test('an event flushed by the beacon on leaving, and sent again by the next page, counts once', async ({ page }) => {
  // What the page hands to the browser while it is being left; no page is there to ask afterwards.
  await page.addInitScript(() => {
    const send = navigator.sendBeacon.bind(navigator);
    navigator.sendBeacon = (url, body) => {
      localStorage.setItem('beacon', String(body));
      return send(url, body);
    };
  });
  await customer.visit(page, '/', { batch_flush_interval_ms: 3000 });
  await run(page, `mixpanel.track('Left', { mark: 1 })`);
  await page.goto('about:blank');
  expect(await customer.events('Left', 1)).toHaveLength(1);

  const again = page.waitForResponse((response) =>
    response.url().includes('/track/') && payload(response.request().postData()).includes('"Left"'));
  await customer.visit(page, '/next', { batch_flush_interval_ms: 500 });
  const beacon = payload(await page.evaluate(() => localStorage.getItem('beacon')));
  expect(beacon.includes('"Left"')).toBe(true);
  expect((await again).status()).toBe(200);
  const insertIds = [beacon, payload((await again).request().postData())].map((data) =>
    JSON.parse(data.toString()).find((item: any) => item.event === 'Left').properties.$insert_id);
  expect(insertIds[0]).toBe(insertIds[1]);
  expect(await customer.server.exported('Left')).toHaveLength(1);
  expect(await customer.server.people('Left')).toBe(1);
});

test('what a full server refused is sent again, and counts once', async ({ page }) => {
  const room = 64 * 1024;
  const small = await Customer.open({ settings: { BULKHEAD_INGEST__IN_FLIGHT_BYTES_MAX: String(room) } });
  try {
    await small.visit(page, '/', { batch_flush_interval_ms: 300 });
    const leave = await small.server.occupy(room);
    const refused = page.waitForResponse((response) => response.status() === 429);
    await run(page, `mixpanel.track('Kept', {})`);
    const headers = await (await refused).allHeaders();
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(headers['access-control-allow-origin']).toBe(small.site.origin);
    expect(headers['access-control-expose-headers']).toContain('Retry-After');
    await leave();
    expect(await small.events('Kept', 1)).toHaveLength(1);
  } finally {
    await small.close();
  }
});

const ways: Record<string, { options: object; answer: unknown }> = {
  form: { options: {}, answer: 1 },
  JSON: { options: { api_payload_format: 'json' }, answer: 1 },
  GET: { options: { api_method: 'GET' }, answer: 1 },
  beacon: { options: { api_transport: 'sendBeacon' }, answer: 1 },
  verbose: { options: { verbose: true }, answer: { status: 1, error: null } },
  'own headers': { options: { xhr_headers: { 'X-Customer': 'yes' } }, answer: 1 },
  'own paths': { options: { api_routes: { track: 'track' } }, answer: 1 },
};

for (const [way, { options, answer }] of Object.entries(ways)) {
  test(`one event at a time: ${way}`, async ({ page }) => {
    const complaints = await customer.visit(page, '/', { batch_requests: false, ...options });
    expect(await call(page, 'track', `Way ${way}`, { emoji: '🎉' })).toEqual(answer);
    const events = await customer.events(`Way ${way}`, 1);
    expect(events.map((event) => event.emoji)).toEqual(['🎉']);
    expect(complaints).toEqual([]);
  });
}

test('the snippet, which queues until its library is there', async ({ page }) => {
  const parameters = new URLSearchParams({ token: customer.server.project.token, api_host: customer.server.base });
  await page.goto(`${customer.site.origin}/snippet?${parameters}`);
  const [event] = await customer.events('From the snippet', 1);
  expect(event.queued).toBe(true);
  expect(event.mp_lib).toBe('web');
});

test('one who opted out sends nothing', async ({ page }) => {
  await customer.visit(page, '/', { batch_requests: false });
  await call(page, 'track', 'Before opting out', {});
  await run(page, `mixpanel.opt_out_tracking(); mixpanel.track('After opting out', {})`);
  await run(page, `mixpanel.opt_in_tracking({ track: () => {} })`);
  await call(page, 'track', 'In again', {});
  await customer.events('In again', 1);
  expect(await customer.server.exported('Before opting out')).toHaveLength(1);
  expect(await customer.server.exported('After opting out')).toEqual([]);
});
