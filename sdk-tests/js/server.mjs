// `bulkhead serve` on a data directory of its own, over http or, with `tls`, over https.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const BINARY = process.env.BULKHEAD_BIN ?? fileURLToPath(new URL('../../target/debug/bulkhead', import.meta.url));

export async function startServer({ tls = false, identityMode = 'simplified', settings = {} } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'bulkhead-sdk-'));
  const data = join(directory, 'data');
  const made = JSON.parse(
    execFileSync(BINARY, ['init', '--json', '--project', 'SDK tests', '--scope', 'identified',
      '--identity-mode', identityMode, '--data-dir', data]),
  );
  const environment = { ...process.env, BULKHEAD_LOG__FORMAT: 'json', ...settings };
  if (tls) {
    const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost',
      '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    Object.assign(environment, { BULKHEAD_TLS__CERTIFICATE: certificate, BULKHEAD_TLS__KEY: key });
  }
  const log = join(directory, 'log');
  const child = spawn(BINARY, ['serve', '--data-dir', data, '--listen', '127.0.0.1:0'], {
    env: environment,
    stdio: ['ignore', 'ignore', openSync(log, 'w')],
  });
  const port = await listeningPort(child, log);
  const base = `${tls ? 'https' : 'http'}://localhost:${port}`;
  const authorization = `Basic ${btoa(`${made.service_account.username}:${made.service_account.secret}`)}`;

  const ask = async (path, parameters = {}) => {
    const query = new URLSearchParams({ project_id: made.project.id, ...parameters });
    const reply = await fetch(`${base}${path}?${query}`, { headers: { authorization } });
    if (reply.status !== 200) throw new Error(`${reply.status}: ${await reply.text()}`);
    return reply;
  };
  return {
    ...made,
    base,
    port,
    ask,
    /** All events of a name, as the export gives them. */
    async exported(name) {
      const text = await (await ask('/api/2.0/export', { from_date: '2000-01-01', to_date: '2009-12-31' })).text()
        + await (await ask('/api/2.0/export', { from_date: '2020-01-01', to_date: '2029-12-31' })).text();
      const events = text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
      return events.filter((event) => !name || event.event === name).map((event) => event.properties);
    },
    async profile(distinctId) {
      const answer = await (await ask('/api/2.0/engage', { distinct_id: distinctId })).json();
      return answer.results[0]?.$properties;
    },
    /** How many people did this, as Insights counts them. */
    async people(event) {
      const range = { from_date: '2020-01-01', to_date: '2029-12-31', unit: 'month', type: 'unique' };
      const counted = await (await ask('/api/query/segmentation', { event, ...range })).json();
      return Object.values(counted.data.values[event] ?? {}).reduce((sum, count) => sum + count, 0);
    },
    async groups(key) {
      const answer = await (await ask('/api/2.0/engage', { data_group_id: key })).json();
      return Object.fromEntries(answer.results.map((group) => [group.$distinct_id, group.$properties]));
    },
    /**
     * Takes all the room that the server has for requests, which is `bytes`, until the returned
     * function gives it back: a client that announced a long body and does not send it.
     */
    async occupy(bytes) {
      const socket = connect(port, 'localhost');
      socket.write(`POST /track HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes}\r\n\r\n`);
      const knock = () => fetch(`${base}/track`, { method: 'POST', body: 'data=[]' });
      if (!await eventually(async () => (await knock()).status === 429)) throw new Error('there is still room');
      return async () => {
        socket.destroy();
        if (!await eventually(async () => (await knock()).status === 200)) throw new Error('no room again');
      };
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function listeningPort(child, log) {
  for (let tries = 0; tries < 600; tries += 1) {
    for (const line of readFileSync(log, 'utf8').split('\n').filter(Boolean)) {
      const address = JSON.parse(line).fields?.address;
      if (address) return address.split(':').at(-1);
    }
    if (child.exitCode !== null) throw new Error(readFileSync(log, 'utf8'));
    await pause(50);
  }
  throw new Error('the server does not listen');
}

/** What is true a moment later: waits for it, up to twenty seconds. */
export async function eventually(check) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await check();
    if (found || Date.now() > deadline) return found;
    await pause(50);
  }
}
