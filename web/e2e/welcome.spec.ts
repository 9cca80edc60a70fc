import { expect, test } from "@playwright/test";
import { token } from "./send";
import { server } from "./state";

test("each snippet holds the token and the address, and is copied whole", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const key = await token(page.request);
  await page.goto(`${server().url}/welcome`);
  for (const name of ["Browser", "Python", "Node.js", "curl"]) {
    await page.getByRole("tab", { name }).click();
    await page.getByRole("button", { name: "Copy the code" }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain(key);
    expect(await page.getByRole("tabpanel").innerText()).toContain(copied.trim().split("\n")[0]);
  }
});

test("tabs are walked with the arrow keys", async ({ page }) => {
  await page.goto(`${server().url}/welcome`);
  await page.getByRole("tab", { name: "Browser" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Python" })).toBeFocused();
  await expect(page.getByRole("tab", { name: "Python" })).toHaveAttribute("aria-selected", "true");
});

test("the curl snippet sends an event that is accepted", async ({ page }) => {
  await page.goto(`${server().url}/welcome`);
  await page.getByRole("tab", { name: "curl" }).click();
  const code = await page.getByRole("tabpanel").innerText();
  const body = /--data '([\s\S]*)'/.exec(code)?.[1] ?? "";
  const answer = await page.request.post(`${server().url}/track?verbose=1`, { data: JSON.parse(body) });
  expect(await answer.json()).toMatchObject({ status: 1 });
});
