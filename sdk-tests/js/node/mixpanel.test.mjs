// The official Node SDK, unchanged, against a real server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import Mixpanel from 'mixpanel';
import { startServer } from '../server.mjs';

// The test's own certificate is its own authority; the SDK has no setting for one.
process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';

let server;
let sdk;

before(async () => {
  server = await startServer({ tls: true });
  sdk = Mixpanel.init(server.project.token, { host: `localhost:${server.port}`, secret: server.project.secret });
});
after(() => server.stop());

const call = (object, method, ...args) => promisify(object[method].bind(object))(...args);

test('track', async () => {
  await call(sdk, 'track', 'Node event', { distinct_id: 'ada', emoji: '🎉', plus: 'a+b/c=', time: new Date() });
  const [properties] = await server.exported('Node event');
  assert.equal(properties.distinct_id, 'ada');
  assert.equal(properties.emoji, '🎉');
  assert.equal(properties.plus, 'a+b/c=');
  assert.equal(properties.mp_lib, 'node');
  assert.ok(Math.abs(properties.time * 1000 - Date.now()) < 60_000);
});

test('track_batch sends base64 that nobody escaped', async () => {
  const batch = Array.from({ length: 120 }, (_, number) => ({
    event: 'Node batch',
    // Characters whose base64 holds + and /.
    properties: { distinct_id: `p${number}`, number, text: '>>>???~~~ÿÿÿ' },
  }));
  await call(sdk, 'track_batch', batch);
  const events = await server.exported('Node batch');
  assert.deepEqual(events.map((event) => event.number).sort((a, b) => a - b), batch.map((_, number) => number));
  assert.ok(events.every((event) => event.text === '>>>???~~~ÿÿÿ'));
});

test('import and import_batch', async () => {
  const time = new Date('2006-01-02T22:04:05Z');
  await call(sdk, 'import', 'Node import', time, { distinct_id: 'ada', $insert_id: 'node-import-1' });
  await call(sdk, 'import_batch', [1, 2, 3].map((number) => ({
    event: 'Node import', properties: { time, distinct_id: 'ada', number, $insert_id: `node-import-b${number}` },
  })));
  const events = await server.exported('Node import');
  assert.equal(events.length, 4);
  assert.ok(events.every((event) => event.time === 1_136_239_445));
});

test('people operators', async () => {
  const { people } = sdk;
  await call(people, 'set', 'grace', { plan: 'team', seats: 3 });
  await call(people, 'set_once', 'grace', { plan: 'ignored', origin: 'test' });
  await call(people, 'increment', 'grace', 'seats', 4);
  await call(people, 'append', 'grace', { tags: 'a' });
  await call(people, 'union', 'grace', { tags: ['a', 'b'] });
  await call(people, 'remove', 'grace', { tags: 'a' });
  await call(people, 'set', 'grace', { gone: 1 });
  await call(people, 'unset', 'grace', 'gone');
  await call(people, 'track_charge', 'grace', 12.5);
  const profile = await server.profile('grace');
  assert.equal(profile.plan, 'team');
  assert.equal(profile.origin, 'test');
  assert.equal(profile.seats, 7);
  assert.deepEqual(profile.tags, ['b']);
  assert.equal(profile.gone, undefined);
  assert.equal(profile.$transactions[0].$amount, 12.5);
  await call(people, 'delete_user', 'grace');
  assert.equal(await server.profile('grace'), undefined);
});

test('groups', async () => {
  await call(sdk.groups, 'set', 'company', 'acme', { plan: 'business', size: 40 });
  await call(sdk.groups, 'set_once', 'company', 'acme', { plan: 'ignored', region: 'north' });
  await call(sdk.groups, 'union', 'company', 'acme', { tags: ['x', 'y'] });
  await call(sdk.groups, 'remove', 'company', 'acme', { tags: 'x' });
  await call(sdk.groups, 'unset', 'company', 'acme', ['size']);
  const { results } = await (await server.ask('/api/2.0/engage', { data_group_id: 'company' })).json();
  assert.equal(results[0].$distinct_id, 'acme');
  assert.equal(results[0].$properties.plan, 'business');
  assert.deepEqual(results[0].$properties.tags, ['y']);
  assert.equal(results[0].$properties.size, undefined);
  await call(sdk.groups, 'delete_group', 'company', 'acme');
});

test('alias', async () => {
  await call(sdk, 'alias', 'ada', 'ada-alias');
  assert.equal((await server.exported('$create_alias')).length, 1);
});

test('bad data comes back as an error', async () => {
  const tokenless = Mixpanel.init('x', { host: `localhost:${server.port}` });
  tokenless.token = '';
  await assert.rejects(call(tokenless, 'track', 'Tokenless', { distinct_id: 'x' }));
});
