// node page.mjs CHROMIUM WORK PAGE...: opens each page as a reader does. Pages are named
// NAME.html; what else is known of one stands in its row of `expected`.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Browser } from "./browser.mjs";

const [program, work, ...pages] = process.argv.slice(2);
const browser = new Browser(program, `${work}/profile`);
let passed = 0, failed = 0;

async function check(what, work) {
  try {
    await work();
    passed++;
  } catch (error) {
    failed++;
    console.log(`FAILED  ${what}: ${error.message.split("\n").slice(0, 12).join("\n        ")}`);
  }
}

const visible = () => browser.run("document.querySelectorAll('.finding:not([hidden])').length");
const set = (name, value) => browser.run(`(() => {
  const field = document.querySelector('.filters').elements[${JSON.stringify(name)}];
  field.value = ${JSON.stringify(value)};
  field.dispatchEvent(new Event('input', { bubbles: true }));
})()`);

// Nothing is fetched, nothing is said on the console, no dialog opens.
function isQuiet(url) {
  const requests = browser.named("Network.requestWillBeSent").map((event) => event.request.url);
  assert.deepEqual(requests.filter((to) => to.split("#")[0] !== url), [], "requests");
  assert.deepEqual(browser.named("Runtime.exceptionThrown").map((event) => event.exceptionDetails.text), []);
  assert.deepEqual(browser.named("Log.entryAdded").map((event) => event.entry.text), []);
  assert.deepEqual(browser.named("Runtime.consoleAPICalled").map((event) => event.type), []);
  assert.deepEqual(browser.named("Page.javascriptDialogOpening").map((event) => event.message), []);
}

async function filters(total) {
  assert.equal(await visible(), total);
  const rule = await browser.run("document.querySelector('.finding').dataset.rule");
  const ofRule = await browser.run(`[...document.querySelectorAll('.finding')].filter((f) => f.dataset.rule === ${JSON.stringify(rule)}).length`);
  await set("rule", rule);
  assert.equal(await visible(), ofRule, "by rule");
  assert.equal(await browser.run("document.getElementById('shown').textContent"), `${ofRule} of ${total} findings are shown`);
  await set("rule", "");
  await set("text", "no text has this \u2603");
  assert.equal(await visible(), 0, "by text");
  await set("text", "");
  const errors = await browser.count(".finding.error");
  await browser.run(`document.querySelectorAll('[name=severity]').forEach((box) => { if (box.value !== 'error') box.click(); })`);
  assert.equal(await visible(), errors, "by severity");
  await browser.run("document.querySelector('.filters [type=reset]').click()");
  await browser.run("new Promise((resolve) => setTimeout(resolve, 20))");
  assert.equal(await visible(), total, "all again");
}

// By keyboard: the summary is focused and Enter pressed.
async function unfolds() {
  const isSeen = () => browser.run("document.querySelector('.proof').checkVisibility()");
  assert.equal(await isSeen(), false, "folded at first");
  await browser.run("document.querySelector('.finding summary').focus()");
  await browser.key("Enter", 13);
  assert.equal(await isSeen(), true, "unfolded");
  await browser.run("document.getElementById('unfold').click()");
  assert.equal(await browser.run("[...document.querySelectorAll('.finding details')].every((d) => d.open)"), true);
}

async function follows() {
  await browser.run("document.querySelector('.finding a.place').click()");
  await browser.run("new Promise((resolve) => setTimeout(resolve, 100))");
  const at = await browser.run(`(() => {
    const target = document.querySelector(':target');
    return target && { cited: target.classList.contains('cited'), top: target.getBoundingClientRect().top };
  })()`);
  assert.ok(at && at.cited && at.top >= 0 && at.top < 900, `the line is in sight, and marked: ${JSON.stringify(at)}`);
  const dead = await browser.run("[...document.querySelectorAll('a[href^=\"#\"]')].filter((a) => !document.getElementById(a.getAttribute('href').slice(1))).length");
  assert.equal(dead, 0, "every link in the page leads somewhere");
}

// What a screen reader is told: all that can be used has a name.
async function isNamed() {
  const { nodes } = await browser.send("Accessibility.getFullAXTree");
  const used = ["link", "button", "searchbox", "checkbox", "combobox", "region", "img", "DisclosureTriangle"];
  const unnamed = nodes.filter((node) => !node.ignored && used.includes(node.role?.value) && !node.name?.value);
  assert.deepEqual(unnamed.map((node) => node.role.value), []);
  assert.equal(await browser.run("document.documentElement.lang"), "en");
}

// The first Tab comes to the way past the navigation, and can be seen there.
async function tabs() {
  await browser.run("scrollTo(0, 0); document.activeElement.blur()");
  await browser.key("Tab", 9);
  const focus = await browser.run("({ name: document.activeElement.className, left: document.activeElement.getBoundingClientRect().left })");
  assert.deepEqual([focus.name, focus.left >= 0], ["skip", true]);
}

// Only the page's own script, style and links are there; and what would come in is stopped.
async function isClosed() {
  assert.equal(await browser.count("script"), 1);
  assert.equal(await browser.count("style"), 1);
  assert.equal(await browser.count("img, iframe, object, embed, link, base, meta[http-equiv=refresh]"), 0);
  const strange = await browser.run(`[...document.querySelectorAll('*')].flatMap((node) => [...node.attributes].map((a) => [node.localName, a.name, a.value]))
    .filter(([, name, value]) => name.startsWith('on') || name === 'style' || name === 'autofocus' || ((name === 'href' || name === 'src') && !/^(#|https?:)/.test(value)))`);
  assert.deepEqual(strange, []);
  const stopped = await browser.run(`new Promise((resolve) => {
    document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.body.append(script);
    script.remove();
    setTimeout(() => resolve(''), 500);
  })`);
  assert.equal(stopped, "script-src-elem");
  assert.equal(await browser.run("window.ran === undefined"), true);
}

async function prints() {
  await browser.send("Emulation.setEmulatedMedia", { media: "print" });
  await browser.run("document.querySelectorAll('details').forEach((part) => { part.open = false; }); dispatchEvent(new Event('beforeprint'))");
  assert.equal(await browser.run("[...document.querySelectorAll('details')].every((part) => part.open)"), true);
  assert.equal(await browser.countSeen(".filters, nav"), 0);
  await browser.run("dispatchEvent(new Event('afterprint'))");
  assert.equal(await browser.run("[...document.querySelectorAll('details')].some((part) => part.open)"), false);
  await browser.send("Emulation.setEmulatedMedia", { media: "" });
}

async function fits(name) {
  const directory = process.env.BERTH_SCREENSHOTS || `${work}/screenshots`;
  mkdirSync(directory, { recursive: true });
  for (const [width, dark] of [[1280, false], [1280, true], [400, false], [400, true]]) {
    await browser.size(width, 900, dark);
    const picture = await browser.picture();
    writeFileSync(`${directory}/${name}-${width}${dark ? "-dark" : ""}.png`, picture);
    assert.ok(picture.length > 10000, "something is in the picture");
    assert.ok(await browser.run("document.documentElement.scrollWidth") <= width, `nothing is wider than ${width} pixels`);
    const [paper, ink] = await browser.run("['backgroundColor', 'color'].map((key) => getComputedStyle(document.body)[key].match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0))");
    assert.equal(paper < ink, dark, "the colours are those that are preferred");
  }
  await browser.size(1280, 900, false);
}

async function readsWithoutScript(url, total) {
  await browser.send("Emulation.setScriptExecutionDisabled", { value: true });
  await browser.go(url);
  assert.equal(await browser.countSeen(".finding"), total);
  assert.equal(await browser.countSeen(".finding h3"), total);
  assert.equal(await browser.countSeen(".filters"), 0, "what needs script is not shown");
  assert.ok(await browser.countSeen("#places pre") > 0);
  await browser.send("Emulation.setScriptExecutionDisabled", { value: false });
}

try {
  await browser.open();
  for (const page of pages) {
    const name = basename(page, ".html");
    const url = new URL(`file://${encodeURI(page)}`).href;
    const bytes = readFileSync(page, "utf8");
    const total = bytes.split('<li class="finding ').length - 1;

    await browser.size(1280, 900, false);
    await browser.go(url);
    assert.ok(total > 0, `${name} has findings`);
    await check(`${name}: every finding is there`, async () => assert.equal(await browser.count(".finding"), total));
    await check(`${name}: tabs`, tabs);
    await check(`${name}: filters`, () => filters(total));
    await check(`${name}: unfolds`, unfolds);
    await check(`${name}: follows a link`, follows);
    await check(`${name}: is named`, isNamed);
    await check(`${name}: fits`, () => fits(name));
    await check(`${name}: prints`, prints);
    await check(`${name}: is quiet`, async () => isQuiet(url));
    await check(`${name}: is closed`, isClosed);
    await check(`${name}: reads without script`, () => readsWithoutScript(url, total));
  }
} catch (error) {
  failed++;
  console.log(`FAILED  ${error.stack}`);
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
