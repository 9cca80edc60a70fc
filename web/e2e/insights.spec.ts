import { expect, type Page, test } from "@playwright/test";
import { accessible } from "./look";
import { fresh, send, token } from "./send";
import { server } from "./state";

const event = fresh("Upgraded");
const address = (search: string): string => `${server().url}/reports/insights?${search}`;
const named = (name: string): string => encodeURIComponent(name);

/** Series and their totals, as the table shows them; without the marks that keep directions apart. */
async function totals(page: Page): Promise<Record<string, string>> {
  const rows = await page.locator("#breakdown-table tbody tr").evaluateAll((all) =>
    all.map((row) => ["th", "td"].map((cell) => (row.querySelector(cell)?.textContent ?? "").replace(/[\u2066-\u2069]/g, "").trim())),
  );
  return Object.fromEntries(rows);
}

test.beforeAll(async ({ playwright }) => {
  const { STATE } = await import("./state");
  const request = await playwright.request.newContext({ storageState: STATE });
  await send(request, await token(request), [
    { event, person: "a", properties: { plan: "pro", seats: 5 } },
    { event, person: "a", properties: { plan: "pro", seats: 7 } },
    { event, person: "b", properties: { plan: "team", seats: 20 } },
    { event, person: "c" },
  ]);
  await request.dispose();
});

test("counts what was sent, in total and by person", async ({ page }) => {
  await page.goto(address(`m=total,,${named(event)}&m=unique,,${named(event)}&r=7d&g=day`));
  await expect.poll(() => totals(page)).toEqual({ [event]: "4", [`${event}: Unique people`]: "3" });
  const chart = page.getByRole("img", { name: new RegExp(`${event}.*over time`) });
  await expect(chart).toBeVisible();
  await expect(chart).toHaveAttribute("aria-describedby", "breakdown-table");
  await expect(page.getByTestId("made")).toContainText(/zone .+ events read in/s);
  await accessible(page);
});

test("measures a number", async ({ page }) => {
  await page.goto(address(`m=sum,seats,${named(event)}&m=median,seats,${named(event)}&m=max,seats,${named(event)}&r=7d&g=day`));
  await expect.poll(async () => Object.values(await totals(page))).toEqual(["32", "7", "20"]);
});

test("splits by a property and filters, and the address says all of it", async ({ page }) => {
  await page.goto(address(`m=total,,${named(event)}&r=7d&g=day`));
  await page.getByRole("combobox", { name: "Split by property" }).fill("plan");
  await page.getByRole("option", { name: "plan", exact: true }).click();
  await expect(page).toHaveURL(/b=plan/);
  await expect.poll(() => totals(page)).toMatchObject({ pro: "2", team: "1", "(not set)": "1" });

  await page.getByRole("button", { name: "Add a filter" }).click();
  await page.getByRole("combobox", { name: "Property", exact: true }).fill("plan");
  await page.getByRole("option", { name: "plan", exact: true }).click();
  await page.getByRole("combobox", { name: "Value", exact: true }).fill("team");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/f=plan%2Cis%2Cteam/);
  await expect.poll(async () => (await totals(page))["pro"]).toBeUndefined();

  const shared = page.url();
  await page.goto("about:blank");
  await page.goto(shared);
  await expect(page.getByRole("button", { name: /Remove the value .*team/ })).toBeVisible();
  await expect.poll(() => totals(page)).toMatchObject({ team: "1" });
});

test("back takes back a change", async ({ page }) => {
  await page.goto(address(`m=total,,${named(event)}&r=7d&g=day`));
  await page.getByRole("combobox", { name: "Range" }).selectOption("30");
  await expect(page).toHaveURL(/r=30d/);
  await page.goBack();
  await expect(page.getByRole("combobox", { name: "Range" })).toHaveValue("7");
});

test("is built with the keyboard alone, and its points are read out", async ({ page }) => {
  await page.goto(address("r=7d&g=day"));
  const field = page.getByRole("combobox", { name: "Event", exact: true });
  await field.focus();
  await page.keyboard.type(event);
  await expect(page.getByRole("option", { name: event })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue(event);
  await expect.poll(async () => (await totals(page))[event]).toBe("4");

  const point = page.getByRole("slider", { name: "Point in time" });
  await point.focus();
  await page.keyboard.press("End");
  await expect(point).toHaveAttribute("aria-valuetext", /not over yet.*4/);
  await page.keyboard.press("ArrowLeft");
  await expect(point).toHaveAttribute("aria-valuetext", new RegExp(`${event} 0$`));
});

test("a row of the table switches its line", async ({ page }) => {
  await page.goto(address(`m=total,,${named(event)}&b=plan&r=7d&g=day`));
  const line = page.locator('[data-series="pro"]');
  await expect(line).toHaveCount(1);
  await page.getByRole("checkbox", { name: "pro" }).press("Space");
  await expect(line).toHaveCount(0);
});

test("says which filters leave nothing, and removes them", async ({ page }) => {
  await page.goto(address(`m=total,,${named(event)}&f=plan,is,nobody&r=7d&g=day`));
  await expect(page.getByRole("heading", { name: "No events match" })).toBeVisible();
  await page.getByRole("button", { name: "Remove the filters" }).click();
  await expect.poll(async () => (await totals(page))[event]).toBe("4");
});

test("shows what went wrong and tries again", async ({ page }) => {
  await page.route("**/api/v1/reports/run", (route) => route.abort());
  await page.goto(address(`m=total,,${named(event)}&r=7d&g=day`));
  await expect(page.getByRole("alert")).toContainText("The server cannot be reached.");
  await page.unroute("**/api/v1/reports/run");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(async () => (await totals(page))[event]).toBe("4");
});

test("a report that takes long can be cancelled", async ({ page }) => {
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/api/v1/reports/run", async (route) => {
    await held;
    await route.abort();
  });
  await page.goto(address(`m=total,,${named(event)}&r=7d&g=day`));
  await expect(page.getByRole("status").filter({ hasText: "Loading" })).toBeAttached();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Cancelled" })).toBeVisible();
  go();
});

test("says what it touches", async ({ page }) => {
  await page.goto(address(`m=total,,${named(event)}&b=plan&r=7d&g=day`));
  await expect(page.getByTestId("touches")).toContainText("No personal property");
});
