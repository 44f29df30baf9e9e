// A real browser for tests: a job a line on stdin, its answer a line on stdout. `node checks.mjs BROWSER EXECUTABLE MODULES`
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { createRequire } from "node:module";

const [which, executablePath, modules] = process.argv.slice(2);
const load = createRequire(path.join(modules, "x.js"));
const puppeteer = (await import(load.resolve("puppeteer-core"))).default;
const axe = fs.readFileSync(path.join(path.dirname(load.resolve("axe-core")), "axe.min.js"), "utf8");
const browser = await puppeteer.launch(
  which === "firefox"
    ? { browser: which, executablePath, extraPrefsFirefox: { "security.fileuri.strict_origin_policy": true } }
    : { executablePath, args: ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND"] },
);
const page = await browser.newPage();
const session = which === "firefox" ? null : await page.createCDPSession();
let faults = [];
page.on("console", (said) => {
  if (["error", "warn", "warning"].includes(said.type())) faults.push("console: " + said.text());
});
page.on("pageerror", (error) => faults.push("error: " + error));
page.on("request", (asked) => {
  if (!/^(file|blob|data):/.test(asked.url())) faults.push("asked elsewhere: " + asked.url());
});
page.on("requestfailed", (asked) => faults.push("not loaded: " + asked.url()));

// What is wrong with how the page looks, whatever it says: in the browser.
function looks() {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the window: " + document.documentElement.scrollWidth);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const owner = node.parentElement, svg = owner.ownerSVGElement;
    if (!node.data.trim() || !owner.getClientRects().length) continue;
    const scale = svg && svg.viewBox.baseVal.width ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    const size = parseFloat(getComputedStyle(owner).fontSize) * scale;
    if (size < 9.95) found.push(`${size.toFixed(2)} px: ${node.data.slice(0, 30)}`);
  }
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    if (!frame.width) continue;
    const texts = [...svg.querySelectorAll("text")].map((each) => [each.getBoundingClientRect(), each.textContent]);
    texts.sort((a, b) => a[0].top - b[0].top);
    texts.forEach(([a, said], i) => {
      if (a.left < frame.left - 1 || a.right > frame.right + 1 || a.top < frame.top - 1 || a.bottom > frame.bottom + 1) {
        found.push("outside of its figure: " + said);
      }
      for (let j = i + 1; j < texts.length && texts[j][0].top < a.bottom - 3; j++) {
        const b = texts[j][0];
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1) found.push(`text over text: ${said} / ${texts[j][1]}`);
      }
    });
  }
  return found.slice(0, 9);
}
const ACCESSIBLE = `axe.run(document, { preload: false, resultTypes: ["violations"], runOnly: { type: "tag",
  values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] } })
  .then((found) => found.violations.map((each) => each.id + ": " + each.nodes[0].html.slice(0, 200)))`;

async function open(job) {
  faults = [];
  await page.setViewport({ width: job.width || 1280, height: 900 });
  if (which !== "firefox") {
    await page.setJavaScriptEnabled(job.scripts !== false);
    const features = [{ name: "prefers-color-scheme", value: job.scheme || "light" }];
    await session.send("Emulation.setEmulatedMedia", { media: job.media || "screen", features });
  }
  await page.goto(job.url);
}
const jobs = {
  async looks(job) {
    await open(job);
    faults.push(...(await page.evaluate(looks)));
    if (job.axe) {
      await page.evaluate(axe);
      faults.push(...(await page.evaluate(ACCESSIBLE)));
    }
    return faults;
  },
  async list(job) {
    await open(job);
    return page.evaluate(() => ({
      status: document.getElementById("status").textContent,
      rows: [...document.querySelectorAll("#rows tbody tr a")].map((each) => each.getAttribute("href")),
      counts: [...document.querySelectorAll(".facets fieldset")].map((each) => [
        each.querySelector("legend").textContent,
        [...each.querySelectorAll("label")].map((label) => label.innerText.trim().split(/\s*\n\s*|\t/)),
      ]),
    }));
  },
  async tabs(job) {
    await open(job);
    const stops = [];
    for (let i = 0; i < job.most; i++) {
      await page.keyboard.press("Tab");
      const stop = await page.evaluate(() => {
        const held = document.activeElement;
        return held.getAttribute("href") || held.getAttribute("class") || held.tagName;
      });
      if (stop === "BODY" || stop === "HTML") break;
      stops.push(stop);
      if (stop === job.enter) {
        await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
        break;
      }
    }
    return { stops, there: page.url() };
  },
  async shown(job) {
    await open(job);
    return page.evaluate((wanted) => Object.fromEntries(wanted.map((each) => {
      const node = document.querySelector(each);
      const look = node && getComputedStyle(node);
      return [each, node && { display: look.display, color: look.color, ground: look.backgroundColor, text: node.textContent }];
    })), job.wanted);
  },
};
for await (const line of readline.createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  let answer;
  try {
    answer = { found: await jobs[job.do](job) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
