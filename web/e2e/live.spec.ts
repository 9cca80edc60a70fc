import { expect, test } from "@playwright/test";
import { accessible } from "./look";
import { fresh, send, token } from "./send";
import { server } from "./state";

test("an event appears as it arrives, with its details and without what was sealed", async ({ page }) => {
  const key = await token(page.request);
  const event = fresh("Report shared");
  await page.goto(`${server().url}/live`);
  await expect(page.getByText("Receiving", { exact: true })).toBeVisible();
  await send(page.request, key, [{ event, person: "u1", properties: { plan: "pro", $email: "amina@example.org" } }]);

  const row = page.getByRole("button", { name: event });
  await expect(row).toBeVisible();
  await expect(row).toContainText("plan pro");
  await row.press("Enter");
  await expect(row).toHaveAttribute("aria-expanded", "true");
  await expect(page.getByText(/email.*sealed/)).toBeVisible();
  await expect(page.locator("body")).not.toContainText("amina@example.org");
  await accessible(page);
});

test("a dropped event appears with its reason and is counted", async ({ page }) => {
  const key = await token(page.request);
  await page.goto(`${server().url}/live`);
  await expect(page.getByText("Receiving", { exact: true })).toBeVisible();
  const before = Number((await page.getByTestId("dropped").innerText()).replace(/\D/g, ""));
  const longAgo = Math.floor(Date.now() / 1000) - 30 * 86_400;
  await page.request.post(`${server().url}/track`, {
    data: [{ event: fresh("Late"), properties: { token: key, distinct_id: "u1", time: longAgo } }],
  });
  await page.getByRole("button", { name: "Dropped" }).click();
  await expect(page.getByTestId("stream").getByText("Too old").first()).toBeVisible();
  await expect.poll(async () => Number((await page.getByTestId("dropped").innerText()).replace(/\D/g, "")), { timeout: 12_000 }).toBeGreaterThan(before);
});

test("pausing holds new events back, resuming shows them", async ({ page }) => {
  const key = await token(page.request);
  const event = fresh("Held");
  await page.goto(`${server().url}/live`);
  await expect(page.getByText("Receiving", { exact: true })).toBeVisible();
  await page.keyboard.press("p");
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  await send(page.request, key, [{ event, person: "u1" }]);
  await expect(page.getByRole("button", { name: /Resume .*new/ })).toBeVisible();
  await expect(page.getByText(event)).toHaveCount(0);
  await page.getByRole("button", { name: /Resume/ }).click();
  await expect(page.getByText(event)).toBeVisible();
});
