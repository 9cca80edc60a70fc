// The official Node SDK, unchanged, against a real server.

import assert from 'node:assert/strict';
import https from 'node:https';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import Mixpanel from 'mixpanel';
import { ServiceAccountCredentials } from 'mixpanel/lib/credentials.js';
import { eventually, startServer } from '../server.mjs';

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
  // The vault takes in what was sealed a moment after the answer; until then there is no clear id.
  assert.ok(await eventually(async () => (await server.exported('Node event'))[0]?.distinct_id === 'ada'));
  const [properties] = await server.exported('Node event');
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
  const { acme } = await server.groups('company');
  assert.equal(acme.plan, 'business');
  assert.equal(acme.region, 'north');
  assert.deepEqual(acme.tags, ['y']);
  assert.equal(acme.size, undefined);
  await call(sdk.groups, 'delete_group', 'company', 'acme');
  assert.deepEqual(await server.groups('company'), {});
});

test('alias has no effect where ids are simplified', async () => {
  await call(sdk, 'alias', 'ada', 'ada-alias');
  await call(sdk, 'track', 'Aliased', { distinct_id: 'ada' });
  await call(sdk, 'track', 'Aliased', { distinct_id: 'ada-alias' });
  assert.equal((await server.exported('$create_alias')).length, 1);
  assert.equal(await server.people('Aliased'), 2);
});

test('a device belongs to the first user seen with it, earlier events included', async () => {
  await call(sdk, 'track', 'On a device', { $device_id: 'device-1', when: 'before' });
  await call(sdk, 'track', 'On a device', { $device_id: 'device-1', $user_id: 'lin', when: 'signed in' });
  await call(sdk, 'track', 'On a device', { $device_id: 'device-1', when: 'later' });
  assert.equal(await server.people('On a device'), 1);
  assert.ok(await eventually(async () =>
    (await server.exported('On a device')).every((event) => event.distinct_id === 'lin')));
});

test('an event from an address has a place, and the address is gone', async () => {
  await call(sdk, 'track', 'From somewhere', { distinct_id: 'ada', ip: '8.8.8.8' });
  const [event] = await server.exported('From somewhere');
  assert.equal(event.mp_country_code, 'US');
  assert.ok(!JSON.stringify(event).includes('8.8.8.8'));
});

test('flags are asked for on port 443, and there are none', async () => {
  // The SDK knows no other port; here it leads to the server under test.
  const connect = https.globalAgent.createConnection;
  https.globalAgent.createConnection = function redirected(options, done) {
    return connect.call(this, { ...options, port: server.port }, done);
  };
  const api_host = 'localhost';
  const { username, secret } = server.service_account;
  const credentials = new ServiceAccountCredentials(username, secret, String(server.project.id));
  try {
    for (const by of [{}, { credentials }]) {
      const asking = Mixpanel.init(server.project.token, {
        host: `localhost:${server.port}`, ...by,
        remote_flags_config: { api_host }, local_flags_config: { api_host, enable_polling: false },
      });
      const variant = await asking.remote_flags.getVariant('new-checkout', { variant_value: 'as before' }, { distinct_id: 'ada' });
      assert.equal(variant.variant_value, 'as before');
      assert.equal(variant.fallback_reason.kind, 'FLAG_NOT_FOUND');
      assert.deepEqual(await asking.remote_flags.getAllVariants({ distinct_id: 'ada' }), {});
      await asking.local_flags.startPollingForDefinitions();
      assert.deepEqual(await asking.local_flags.areFlagsReady(), { flags: [] });
    }
  } finally {
    https.globalAgent.createConnection = connect;
  }
});

test('bad data comes back as an error', async () => {
  for (const verbose of [false, true]) {
    const tokenless = Mixpanel.init('x', { host: `localhost:${server.port}`, verbose });
    tokenless.token = '';
    await assert.rejects(call(tokenless, 'track', 'Tokenless', { distinct_id: 'x' }));
  }
});

test('import with wrong credentials comes back as an error', async () => {
  const forger = Mixpanel.init(server.project.token, { host: `localhost:${server.port}`, secret: 'wrong' });
  await assert.rejects(call(forger, 'import', 'Forged', new Date('2006-01-02'), { distinct_id: 'x' }));
  assert.deepEqual(await server.exported('Forged'), []);
});

test('a full server refuses, keeps nothing, and takes the same again later', async () => {
  const room = 64 * 1024;
  const small = await startServer({ settings: { BULKHEAD_INGEST__IN_FLIGHT_BYTES_MAX: String(room) } });
  try {
    const plain = Mixpanel.init(small.project.token, { host: `localhost:${small.port}`, protocol: 'http' });
    const batch = [{ event: 'Kept', properties: { distinct_id: 'ada', $insert_id: 'kept-1' } }];
    const leave = await small.occupy(room);
    // For one batch alone the SDK hands over a list of errors that it leaves empty: what counts is below.
    await call(plain, 'track_batch', batch).catch(() => {});
    assert.deepEqual(await small.exported('Kept'), []);
    await leave();
    await call(plain, 'track_batch', batch);
    assert.equal((await small.exported('Kept')).length, 1);
  } finally {
    await small.stop();
  }
});

test('original identity: alias brings two ids together, whenever it comes', async () => {
  const original = await startServer({ tls: true, identityMode: 'original' });
  try {
    const app = Mixpanel.init(original.project.token, { host: `localhost:${original.port}` });
    for (const id of ['visitor-1', 'customer-1', 'visitor-2', 'customer-2', 'stranger']) {
      await call(app, 'track', 'Seen', { distinct_id: id });
    }
    assert.equal(await original.people('Seen'), 5);
    await call(app, 'alias', 'visitor-1', 'customer-1');
    await call(app, 'alias', 'customer-2', 'visitor-2');
    assert.equal(await original.people('Seen'), 3);
    await call(app, 'track', 'Seen', { distinct_id: 'customer-1' });
    assert.equal(await original.people('Seen'), 3);
  } finally {
    await original.stop();
  }
});
