import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { server } from "./state";

/** Whatever a page must never do, gathered while it is used. */
export class Watch {
  readonly faults: string[] = [];

  constructor(page: Page) {
    page.on("pageerror", (error) => this.faults.push(`script: ${error.message}`));
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) this.faults.push(`policy: ${message.text()}`);
    });
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (protocol !== "blob:" && origin !== new URL(server().url).origin) this.faults.push(`request to ${origin}`);
    });
  }
}

export async function accessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

/** Nothing sticks out at the side: wide things scroll inside of their own frame. */
export async function fits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over).toBeLessThanOrEqual(0);
}
