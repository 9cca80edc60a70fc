// What the browser SDK asks and sends beside events: settings, flags, recordings, autocapture.

import { expect, test } from '@playwright/test';
import { call, Customer, run } from './customer';

let customer: Customer;

test.beforeAll(async () => {
  customer = await Customer.open();
});
test.afterAll(() => customer.close());

for (const mode of ['fallback', 'strict']) {
  test(`remote settings, ${mode}`, async ({ page }) => {
    const asked = page.waitForResponse((response) => response.url().includes('/settings/') && response.request().method() === 'GET');
    const complaints = await customer.visit(page, '/', { remote_settings_mode: mode });
    expect((await asked).status()).toBe(200);
    expect(await (await asked).json()).toEqual({});
    expect(complaints).toEqual([]);
  });
}

test('flags are there, and there are none', async ({ page }) => {
  const asked = page.waitForResponse((response) => response.url().includes('/flags/') && response.request().method() === 'GET');
  const complaints = await customer.visit(page, '/', { flags: true });
  expect(await (await asked).json()).toEqual({ code: 200, flags: {} });
  expect(await run(page, `return mixpanel.flags.get_variant_value('new-checkout', 'as before')`)).toBe('as before');
  expect(await run(page, `return mixpanel.flags.are_flags_ready()`)).toBe(true);
  expect(complaints).toEqual([]);
});

test('a recording is acknowledged chunk by chunk, and its events say to which they belong', async ({ page }) => {
  // The number of a chunk goes up only once the one before was acknowledged. The SDK sends every ten seconds.
  const chunk = (seq: number) => page.waitForResponse((response) => {
    const { pathname, searchParams } = new URL(response.url());
    return pathname === '/record/' && searchParams.get('seq') === String(seq) && response.request().method() === 'POST';
  });
  const first = chunk(0);
  const complaints = await customer.visit(page, '/', { record_sessions_percent: 100, batch_requests: false });
  await page.waitForFunction(() => (window as any).mixpanel.get_session_recording_properties().$mp_replay_id);
  await call(page, 'track', 'Recorded', {});
  expect((await customer.events('Recorded', 1))[0].$mp_replay_id).toBeTruthy();
  await page.click('#buy');
  expect(new URL((await first).url()).searchParams.get('format')).toBe('gzip');
  expect((await first).status()).toBe(200);
  expect(await (await first).json()).toEqual({});
  const second = chunk(1);
  await page.click('#buy');
  expect((await second).status()).toBe(200);
  expect(complaints).toEqual([]);
});

test('page views and clicks that nobody tracked by hand', async ({ page }) => {
  await customer.visit(page, '/', { autocapture: true, batch_flush_interval_ms: 300 });
  await page.click('#buy');
  const [view] = await customer.events('$mp_web_page_view', 1);
  expect(view.current_page_title).toBe('Customer');
  const [click] = await customer.events('$mp_click', 1);
  expect(click.$el_tag_name ?? click.$elements?.[0]?.$tag_name).toMatch(/button/i);
});
