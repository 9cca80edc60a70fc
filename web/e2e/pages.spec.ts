/** What holds for every page, in every look. */
import { expect, test } from "@playwright/test";
import { accessible, fits, Watch } from "./look";
import { server } from "./state";

const pages = ["/welcome", "/live", "/reports/insights", "/reports/insights?m=unique,&r=7d&c=bar", "/about", "/signin", "/nowhere"];
const looks = [
  { name: "light", language: "en", scheme: "light", width: 1280 },
  { name: "dark, narrow", language: "en", scheme: "dark", width: 390 },
  { name: "Arabic", language: "ar", scheme: "light", width: 1280 },
  { name: "Arabic, dark, narrow", language: "ar", scheme: "dark", width: 390 },
  { name: "Bengali, narrow", language: "bn", scheme: "light", width: 390 },
] as const;

for (const look of looks) {
  for (const path of pages) {
    test(`${path} in ${look.name}`, async ({ page }) => {
      const watch = new Watch(page);
      await page.setViewportSize({ width: look.width, height: 844 });
      await page.emulateMedia({ colorScheme: look.scheme, reducedMotion: "reduce" });
      await page.addInitScript((language) => localStorage.setItem("bulkhead.language", language), look.language);
      await page.goto(server().url + path);
      await expect(page.getByRole("heading").first()).toBeVisible();
      await expect(page.locator("html")).toHaveAttribute("lang", look.language);
      await expect(page.locator("html")).toHaveAttribute("dir", look.language === "ar" ? "rtl" : "ltr");
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await fits(page);
      await accessible(page);
      expect(watch.faults).toEqual([]);
    });
  }
}

test("without a session every page leads to the sign-in", async ({ browser }) => {
  const stranger = await browser.newContext({ locale: "en", storageState: { cookies: [], origins: [] } });
  const page = await stranger.newPage();
  for (const path of ["/", "/live", "/reports/insights"]) {
    await page.goto(server().url + path);
    await expect(page).toHaveURL(/\/signin$/);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  }
  await stranger.close();
});

test("the theme that was chosen stays", async ({ page }) => {
  await page.goto(`${server().url}/about`);
  await page.getByRole("radio", { name: "Dark" }).check({ force: true });
  await page.reload();
  await expect(page.locator("html")).toHaveCSS("color-scheme", "dark");
});

test("the language is switched in place", async ({ page }) => {
  await page.goto(`${server().url}/live`);
  await page.getByRole("combobox", { name: "Language" }).selectOption("ro");
  await expect(page).toHaveTitle(/^Live · Bulkhead$/);
  await expect(page.getByRole("button", { name: "Pauză" })).toBeVisible();
});

test("keys lead from page to page, and are silent in a field", async ({ page }) => {
  await page.goto(`${server().url}/about`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await expect(page).toHaveURL(/\/reports\/insights$/);
  await page.getByRole("combobox", { name: "Event", exact: true }).focus();
  await page.keyboard.type("ge");
  await expect(page).toHaveURL(/\/reports\/insights$/);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});
