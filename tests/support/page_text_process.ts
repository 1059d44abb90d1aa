/**
 * Opens the page at the first argument, waits until an element shows the second, and prints its
 * id.
 */
import process from "node:process";
import { withPage } from "../../conformance/runtimes/chromium.ts";

const [url = "", text = ""] = process.argv.slice(2);
await withPage(url, async (page) => {
  const element = page.getByText(text, { exact: true });
  await element.waitFor({ timeout: 50_000 }).catch(async (cause) => {
    throw new Error(`The page does not show "${text}":\n${await page.content()}`, { cause });
  });
  console.log(await element.getAttribute("id"));
});
process.exit(0);
