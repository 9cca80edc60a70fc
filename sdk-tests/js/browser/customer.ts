// What all browser tests share: a server, a customer's site, and pages of it with the SDK running.

import { type Page } from '@playwright/test';
import { eventually, startServer } from '../server.mjs';
import { type Site, startSite } from './site';

export type Server = Awaited<ReturnType<typeof startServer>>;

export class Customer {
  private constructor(readonly server: Server, readonly site: Site) {}

  static async open(options = {}) {
    return new Customer(await startServer(options), await startSite());
  }

  async close() {
    this.site.close();
    await this.server.stop();
  }

  /**
   * Opens a page of the site with the SDK as an app sets it up: `api_host` changed and nothing else
   * needed. What the page complains of gathers in the returned list.
   */
  async visit(page: Page, path: string, options: Record<string, unknown> = {}) {
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(`${this.site.origin}${path}`);
    await page.evaluate(
      ([token, api_host, more]) => (window as any).mixpanel.init(token, { api_host, ...(more as object) }),
      [this.server.project.token, this.server.base, options] as const,
    );
    return complaints;
  }

  /** The events of a name, once there are this many. */
  async events(name: string, count: number): Promise<any[]> {
    await eventually(async () => (await this.server.exported(name)).length >= count);
    return this.server.exported(name);
  }
}

/** Runs code in the page; `mixpanel` is the SDK. A promise is waited for. */
export const run = (page: Page, code: string) =>
  page.evaluate((text) => new Function('mixpanel', text)((window as any).mixpanel), code);

/** Calls one method of the SDK and waits for the server's answer: `1` is good. */
export const call = (page: Page, method: string, ...args: unknown[]) =>
  page.evaluate(
    ([path, given]) => new Promise((resolve) => {
      const names = (path as string).split('.');
      const last = names.pop() as string;
      const owner = names.reduce((object: any, name) => object[name], (window as any).mixpanel);
      owner[last](...(given as unknown[]), resolve);
    }),
    [method, args] as const,
  );

/** The bytes that stand in the `data` of a request. */
export const payload = (body: string | null) =>
  Buffer.from(new URLSearchParams(body ?? '').get('data') ?? '', 'base64');
