import { type APIRequestContext, expect } from "@playwright/test";
import { server } from "./state";

export interface Sent {
  event: string;
  person: string;
  properties?: Record<string, unknown>;
}

/** The token of the first project, asked for as the signed-in operator. */
export async function token(request: APIRequestContext): Promise<string> {
  const answer = await request.get(`${server().url}/api/v1/session`);
  expect(answer.status()).toBe(200);
  return (await answer.json()).projects[0].token;
}

/** Sends events as a minimal SDK would: plain JSON to /track. */
export async function send(request: APIRequestContext, projectToken: string, events: Sent[]): Promise<void> {
  const data = events.map(({ event, person, properties }) => ({
    event,
    properties: { token: projectToken, distinct_id: person, $insert_id: crypto.randomUUID(), ...properties },
  }));
  const answer = await request.post(`${server().url}/track`, { data });
  expect(answer.status()).toBe(200);
}

/** A name that no other run has used: counts are exact also on a server that has other events. */
export function fresh(name: string): string {
  return `${name} ${crypto.randomUUID().slice(0, 8)}`;
}
