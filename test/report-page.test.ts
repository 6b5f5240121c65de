/**
 * @file The pages in a real browser: accessible in light and dark, silent on the
 * network, usable by keyboard, readable on a phone, printable.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { GradedAudit } from "../src/audit-record.ts";
import { chatAuditHtml } from "../src/report/chat-audit.ts";
import { experimentHtml } from "../src/report/experiment-html.ts";
import { auditHtml, zooHtml } from "../src/report/html.ts";
import { utilitiesHtml } from "../src/report/utilities.ts";
import { experimentReport } from "./sample-experiment.ts";
import { audit, instruments, zoo } from "./sample-records.ts";
import { sampleChatAudit, sampleUtilities } from "./sample-talk.ts";

function brief(graded: GradedAudit): GradedAudit {
  const { answers, findings, ...rest } = graded.audit;
  const kept = findings.slice(0, 1);
  const named = (id: string) => kept.some(({ detector }) => detector === id);
  const pruned = answers.map((answer) => ({ ...answer, detectors: answer.detectors.filter(named) }));
  return { ...graded, audit: { ...rest, answers: pruned, findings: kept } };
}

const CHROMIUM = "/usr/bin/chromium";
const pages = {
  audit: auditHtml(audit, instruments),
  // Two agents and one instrument hold all that the page of one audit does not, in a third of the time.
  zoo: zooHtml([brief(zoo[0]!), brief(zoo[2]!)], instruments, { command: "npm start" }),
  experiment: experimentHtml(experimentReport),
  talk: chatAuditHtml(await sampleChatAudit(), "transcripts.html"),
  utilities: utilitiesHtml(await sampleUtilities()),
};
const names = Object.keys(pages) as (keyof typeof pages)[];

describe.skipIf(!existsSync(CHROMIUM))(`pages in ${CHROMIUM} (skipped where it is not installed)`, () => {
  const folder = mkdtempSync(join(tmpdir(), "mesascope-page-"));
  let browser: Browser;

  beforeAll(async () => {
    for (const name of names) writeFileSync(join(folder, `${name}.html`), pages[name]);
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  }, 30_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Open a page, hand it over, and expect that it asked for nothing and complained of nothing. */
  async function open(
    name: keyof typeof pages,
    options: { width?: number; colorScheme?: "light" | "dark" },
    use: (page: Page) => Promise<void>,
  ) {
    const { width = 1180, colorScheme = "light" } = options;
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const heard: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => heard.push(message.text()));
    page.on("pageerror", (error) => heard.push(String(error)));
    page.on("request", (request) => asked.push(request.url()));
    const address = pathToFileURL(join(folder, `${name}.html`)).href;
    await page.goto(address);
    await use(page);
    await context.close();
    expect(heard).toEqual([]);
    expect(asked).toEqual([address]);
  }

  const openDetails = (page: Page, which = "details") =>
    page.evaluate(`for (const details of document.querySelectorAll("${which}")) details.open = true`);

  test.each(names)(
    "%s: no accessibility violation, and contrast in the dark too",
    async (name) => {
      await open(name, {}, async (page) => {
        await openDetails(page);
        const light = await new AxeBuilder({ page }).analyze();
        await page.emulateMedia({ colorScheme: "dark" });
        const dark = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
        expect(light.passes.length).toBeGreaterThan(20);
        expect(dark.passes.map(({ id }) => id)).toEqual(["color-contrast"]);
        const found = [...light.violations, ...dark.violations].map(
          ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
        );
        expect(found).toEqual([]);
      });
    },
    60_000,
  );

  test.each(names)("%s: nothing is wider than a phone of 360 px", async (name) => {
    await open(name, { width: 360 }, async (page) => {
      await openDetails(page);
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    });
  });

  test("talk: the judge stands with its errors, or with why they are not known", async () => {
    const record = await sampleChatAudit();
    const [check] = record.judgeChecks;
    expect(check!.labeled).toBe(60);
    expect(pages.talk).toContain("The judge against people");
    expect(pages.talk).toContain(`n = ${check!.sensitivity.n} trials`);
    expect(chatAuditHtml({ ...record, judgeChecks: [] })).toContain("How often it errs was not measured");
    expect(chatAuditHtml({ ...record, judge: null })).not.toContain('id="judge"');
  });

  test("zoo: by keyboard from the skip link through every link and every detail", async () => {
    await open("zoo", {}, async (page) => {
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement.className")).toBe("skip");
      expect((await page.locator(".skip").boundingBox())!.x).toBeGreaterThanOrEqual(0);
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.id")).toBe("content");
      const stops = "[...document.querySelectorAll('main a, main summary')].filter(node => node.checkVisibility())";
      const expected = await page.evaluate<number>(`${stops}.length`);
      expect(expected).toBeGreaterThan(10);
      const seen = new Set<number>();
      for (let i = 0; i < 400; i++) {
        await page.keyboard.press("Tab");
        const at = await page.evaluate<number>(`${stops}.indexOf(document.activeElement)`);
        if (at >= 0) seen.add(at);
        else if (await page.evaluate<boolean>("document.activeElement === document.body")) break;
      }
      expect(seen.size).toBe(expected);
      await page.locator("main summary").first().focus();
      expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
      await page.keyboard.press("Enter");
      expect(await page.evaluate("document.activeElement.parentElement.open")).toBe(true);
    });
  }, 30_000);

  test("audit: frames are stepped through by arrow keys and buttons, and all of them are printed", async () => {
    await open("audit", {}, async (page) => {
      const film = page.locator(".film").first();
      const shown = () =>
        page.evaluate<number[]>(
          "[...document.querySelector('.film').querySelectorAll('.still')].flatMap((still, i) => (still.checkVisibility() ? [i] : []))",
        );
      expect(await shown()).toEqual([0]);
      await film.locator("input").first().focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      expect(await shown()).toEqual([2]);
      expect(
        await page.evaluate("getComputedStyle(document.querySelector('.step:checked + label')).outlineStyle"),
      ).toBe("solid");
      await page.keyboard.press("ArrowLeft");
      expect(await shown()).toEqual([1]);
      await film.locator("label").nth(3).click();
      expect(await shown()).toEqual([3]);
      expect(await page.evaluate("document.getAnimations().length")).toBe(0);
      await page.emulateMedia({ media: "print" });
      expect(await shown()).toEqual([0, 1, 2, 3]);
    });
  }, 30_000);

  test.each(names)(
    "%s: prints on white, with the closed parts open, as a PDF",
    async (name) => {
      await open(name, { colorScheme: "dark" }, async (page) => {
        await page.emulateMedia({ media: "print" });
        expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
        const hidden = await page.evaluate<number>(
          "[...document.querySelectorAll('details:not(.figure-data) > :not(summary)')].filter(node => node.getBoundingClientRect().height === 0).length",
        );
        expect(hidden).toBe(0);
        const pdf = await page.pdf({ preferCSSPageSize: true });
        expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
        expect(pdf.length).toBeGreaterThan(20_000);
      });
    },
    30_000,
  );
});
