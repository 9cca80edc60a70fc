import { expect, test } from "@playwright/test";
import { accessible, Watch } from "./look";
import { send, token } from "./send";
import { server, STATE } from "./state";

test("the one-time link signs in, the first event turns the page green", async ({ page, context }) => {
  const watch = new Watch(page);
  const { enrolment, fresh } = server();
  await page.goto(enrolment);
  await page.waitForURL(/\/(welcome|live)$/);
  expect(page.url()).not.toContain(new URL(enrolment).hash);

  await page.getByRole("link", { name: "Connect" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Send your first event" })).toBeVisible();
  if (fresh) {
    await expect(page.getByRole("heading", { name: "Waiting for the first event" })).toBeVisible();
    await accessible(page);
  }
  await send(page.request, await token(page.request), [{ event: "Signed up", person: "first", properties: { plan: "pro" } }]);
  await expect(page.getByRole("heading", { name: "Events are arriving" })).toBeVisible();
  await page.getByRole("link", { name: "Watch them live" }).click();
  await expect(page).toHaveURL(/\/live$/);

  expect(watch.faults).toEqual([]);
  await context.storageState({ path: STATE });
});

test("the link works once", async ({ page }) => {
  await page.goto(server().enrolment);
  await expect(page.getByRole("alert")).toContainText("link_not_valid");
  await page.getByRole("link", { name: "How to get a new link" }).click();
  await expect(page.getByText("bulkhead operator link")).toBeVisible();
});
