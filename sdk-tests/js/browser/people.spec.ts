// Who it was: devices and users, profiles and groups, as the browser SDK tells of them.

import { expect, type Page, test } from '@playwright/test';
import { eventually } from '../server.mjs';
import { call, Customer, run } from './customer';

test.describe('simplified identity', () => {
  let customer: Customer;

  test.beforeAll(async () => {
    customer = await Customer.open();
  });
  test.afterAll(() => customer.close());

  test('a visitor who signs in is one person, before and after', async ({ page }) => {
    await customer.visit(page, '/', { batch_requests: false });
    await call(page, 'track', 'Seen', { when: 'before' });
    expect(await customer.server.people('Seen')).toBe(1);
    await run(page, `mixpanel.identify('user-1')`);
    await call(page, 'track', 'Seen', { when: 'after' });
    await run(page, `mixpanel.reset()`);
    await call(page, 'track', 'Seen', { when: 'as somebody else' });
    expect(await customer.server.people('Seen')).toBe(2);
    // The vault takes in what was sealed a moment after the answer.
    const byMoment = async () =>
      Object.fromEntries((await customer.server.exported('Seen')).map((event: any) => [event.when, event.distinct_id]));
    expect(await eventually(async () => (await byMoment()).after === 'user-1')).toBe(true);
    const ids = await byMoment();
    expect(ids.before).toBe('user-1');
    expect(ids['as somebody else']).not.toBe('user-1');
  });

  test('operators on a profile', async ({ page }) => {
    await customer.visit(page, '/', { batch_requests: false });
    await run(page, `mixpanel.identify('user-2')`);
    const steps: [string, ...unknown[]][] = [
      ['set', { plan: 'team', seats: 3, gone: 1, $email: 'someone@example.com' }],
      ['set_once', { plan: 'ignored', origin: 'test' }],
      ['increment', 'seats', 4],
      ['append', { tags: 'a' }],
      ['append', { tags: 'a' }],
      ['union', { tags: ['a', 'b'] }],
      ['remove', { tags: 'a' }],
      ['unset', 'gone'],
    ];
    for (const [operator, ...args] of steps) {
      expect(await call(page, `people.${operator}`, ...args), operator).toBe(1);
    }
    const profile = await customer.server.profile('user-2');
    expect(profile).toMatchObject({ plan: 'team', origin: 'test', seats: 7, tags: ['b'], $browser: 'Chrome' });
    expect(profile).not.toHaveProperty('gone');
    expect(await eventually(async () => (await customer.server.profile('user-2')).$email === 'someone@example.com')).toBe(true);
    await run(page, `mixpanel.people.delete_user()`);
    expect(await eventually(async () => await customer.server.profile('user-2') === undefined)).toBe(true);
  });

  test('operators on a group, and events of its members', async ({ page }) => {
    await customer.visit(page, '/', { batch_requests: false });
    await group(page, 'set', { tier: 'gold', size: 40 });
    await group(page, 'set_once', { tier: 'ignored', region: 'north' });
    await group(page, 'union', 'tags', ['x', 'y']);
    await group(page, 'remove', 'tags', 'x');
    await group(page, 'unset', 'size');
    expect(await customer.server.groups('company')).toEqual({
      acme: expect.objectContaining({ tier: 'gold', region: 'north', tags: ['y'] }),
    });
    expect((await customer.server.groups('company')).acme).not.toHaveProperty('size');
    await run(page, `mixpanel.set_group('company', 'acme')`);
    await call(page, 'track', 'In a group', {});
    expect((await customer.events('In a group', 1))[0].company).toEqual(['acme']);
    await group(page, 'delete');
    expect(await customer.server.groups('company')).toEqual({});
  });

  test('an address in the page is not kept with the event', async ({ page }) => {
    await customer.visit(page, '/account?email=eve%40example.com&plan=pro', { batch_requests: false, track_pageview: true });
    await call(page, 'track', 'Account opened', { label: 'mail eve@example.com' });
    const events = [...await customer.events('Account opened', 1), ...await customer.events('$mp_web_page_view', 1)];
    expect(JSON.stringify(events)).not.toMatch(/eve(@|%40)example\.com/);
    expect(events[0].label).toBe('mail [email]');
    expect(events[0].$current_url).toContain(`${customer.site.origin}/account`);
  });
});

test.describe('original identity', () => {
  let customer: Customer;

  test.beforeAll(async () => {
    customer = await Customer.open({ identityMode: 'original' });
  });
  test.afterAll(() => customer.close());

  test('identify and alias bring ids together', async ({ page }) => {
    await customer.visit(page, '/', { batch_requests: false });
    await call(page, 'track', 'Seen', { when: 'before' });
    await run(page, `mixpanel.identify('user-1')`);
    await call(page, 'track', 'Seen', { when: 'after' });
    await customer.events('$identify', 1);
    expect(await customer.server.people('Seen')).toBe(1);
    await run(page, `mixpanel.alias('user-1-also')`);
    await customer.events('$create_alias', 1);
    await run(page, `mixpanel.identify('user-1-also')`);
    await call(page, 'track', 'Seen', { when: 'by the alias' });
    const events = await customer.events('Seen', 3);
    expect(new Set(events.map((event) => event.distinct_id)).size).toBe(1);
    expect(await customer.server.people('Seen')).toBe(1);
    await run(page, `mixpanel.reset()`);
    await call(page, 'track', 'Seen', { when: 'as somebody else' });
    expect(await customer.server.people('Seen')).toBe(2);
  });
});

/** One operator on the group acme, once the server answered. */
const group = (page: Page, operator: string, ...args: unknown[]) =>
  page.evaluate(
    ([name, given]) => new Promise((resolve) =>
      (window as any).mixpanel.get_group('company', 'acme')[name as string](...(given as unknown[]), resolve)),
    [operator, args] as const,
  );
