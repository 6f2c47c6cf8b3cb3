// validate.mjs CASES DOCUMENTS SCHEMAS MULTITOOL: holds outputs against their formats.
//
// A line of the file CASES is a case: "workspace TAB directory of its outputs", named
// json, ndjson, sarif, gitlab, github, markdown and summary. A line of DOCUMENTS is one of
// another command: "name of its schema TAB file". What is wrong is printed; the last line
// counts what was held against what.

import { lstatSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { JSDOM } from "jsdom";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { lineHashes } from "./line_hash.mjs";

const [casesFile, documentsFile, schemas, multitool] = process.argv.slice(2);
const dom = new JSDOM("<!DOCTYPE html>");
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const { default: mermaid } = await import("mermaid");

let failed = 0;
const counts = {};
function count(what, by = 1) {
  counts[what] = (counts[what] ?? 0) + by;
}
let current = "";
function wrong(what) {
  failed++;
  if (failed <= 20) console.log(`FAILED  ${current}: ${what}`);
}
function must(condition, what) {
  if (!condition) wrong(what);
}

const read = (file) => readFileSync(file, "utf8");
const readJson = (file) => JSON.parse(read(file));

// --- schemas ---

const FORMATS = { date: /^\d{4}-\d{2}-\d{2}$/ };
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, formats: FORMATS });
for (const name of readdirSync(schemas).filter((name) => name.endsWith(".schema.json")))
  ajv.addSchema(readJson(path.join(schemas, name)));
for (const name of ["gitlab", "opengraph"])
  ajv.addSchema(readJson(path.join(import.meta.dirname ?? path.dirname(process.argv[1]), `${name}.schema.json`)));
const sarifAjv = new Ajv2020({ strict: false, validateFormats: false });
const sarifSchema = sarifAjv.compile(readJson(path.join(multitool, "sarif-2.1.0.json")));

function holds(validate, data, what) {
  count(what);
  if (!validate(data)) {
    const error = validate.errors[0];
    wrong(`${what}: ${error.instancePath} ${error.message}`);
  }
}
const holdsSchema = (name, data, what) => holds(ajv.getSchema(name), data, what);

// --- SARIF: what no schema says ---

const LEVELS = { error: "error", warning: "warning", info: "note" };

function linesOf(bytes) {
  return new TextDecoder().decode(bytes).split("\n");
}

// Links in a message: "[text](id)", where no backslash stands before a bracket.
function checkLinks(result) {
  const ids = new Set((result.relatedLocations ?? []).map((location) => location.id));
  for (const [, target] of result.message.text.matchAll(/(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\(([^)]*)\)/g)) {
    count("links in messages");
    must(ids.has(Number(target)), `a link to ${target}, which is no related location`);
  }
}

function checkResult(result, run, files) {
  checkLinks(result);
  const rule = run.tool.driver.rules[result.ruleIndex];
  must(rule?.id === result.ruleId, "ruleIndex and ruleId differ");
  const { artifactLocation, region } = result.locations[0].physicalLocation;
  const file = files(decodeURIComponent(artifactLocation.uri));
  if (!file) return;
  count("line hashes");
  must(
    file.hashes[region.startLine - 1] === result.partialFingerprints.primaryLocationLineHash,
    `the hash of ${artifactLocation.uri}:${region.startLine} is ${file.hashes[region.startLine - 1]}`,
  );
  if (region.startLine !== region.endLine || !region.snippet) return;
  const there = file.lines[region.startLine - 1].slice(region.startColumn - 1, region.endColumn - 1);
  if (region.snippet.text.includes("•••") || /\\x|<U\+|\t|\.\.\.$/.test(region.snippet.text)) return;
  count("UTF-16 columns");
  must(there === region.snippet.text, `'${there}' is not the snippet '${region.snippet.text}'`);
}

function checkSarif(log, json, workspace) {
  const run = log.runs[0];
  const cache = new Map();
  const files = (name) => {
    if (!cache.has(name)) {
      let file = null;
      try {
        const bytes = readFileSync(path.join(workspace, name));
        file = { hashes: lineHashes(bytes), lines: linesOf(bytes) };
      } catch {
        // A directory or a loop of links where a file should be is there, but has no bytes.
        const there = lstatSync(path.join(workspace, name), { throwIfNoEntry: false });
        must(there || /\uFFFD/.test(name), `there is no file ${name}`);
      }
      cache.set(name, file);
    }
    return cache.get(name);
  };
  const keys = run.results.map((result) => {
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    return `${result.ruleId} ${artifactLocation.uri} ${region.startLine}`;
  });
  must(new Set(keys).size === keys.length, "two results of one rule on one line");
  const flows = run.results.reduce((sum, result) => sum + (result.codeFlows?.length ?? 0), 0);
  const proofs = json.findings.filter((finding) => finding.proof).length;
  must(flows <= proofs, "more code flows than proofs");
  count("code flows", flows);
  const levels = new Set(json.findings.map((finding) => LEVELS[finding.severity]));
  must(run.results.every((result) => levels.has(result.level)), "a level that json has not");
  for (const rule of run.tool.driver.rules) {
    const isSecurity = rule.properties.tags.includes("security");
    must(isSecurity === "security-severity" in rule.properties, `security-severity of ${rule.id}`);
  }
  for (const result of run.results) checkResult(result, run, files);
}

// --- GitHub's workflow commands, as the runner reads them ---

const COMMANDS = { error: "error", warning: "warning", notice: "info" };

function checkGithub(text, json) {
  const shown = { error: 0, warning: 0, notice: 0 };
  const places = new Set(
    json.findings.map((finding) => `${finding.severity} ${finding.rule} ${finding.location?.line ?? 1}`),
  );
  for (const line of text.split("\n").slice(0, -1)) {
    const match = /^::(error|warning|notice) (.*?)::(.*)$/.exec(line);
    count("workflow commands");
    if (!match) {
      wrong(`no workflow command: ${line.slice(0, 80)}`);
      continue;
    }
    shown[match[1]]++;
    must(!/[\x00-\x1f\x7f]/.test(line), "a control character in a command");
    const properties = Object.fromEntries(match[2].split(",").map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
    if (properties.title === "berth") continue;
    must(
      places.has(`${COMMANDS[match[1]]} ${properties.title} ${properties.line}`),
      `an annotation that is no finding: ${line.slice(0, 80)}`,
    );
  }
  for (const [command, number] of Object.entries(shown)) must(number <= 10, `${number} of ${command}`);
}

// --- Markdown: only berth's own markup is left in what is rendered ---

const TAGS = new Set(
  "H3 P STRONG CODE PRE TABLE THEAD TBODY TR TH TD BR UL LI HTML HEAD BODY".split(" "),
);
const CELLS = 4;

async function checkMarkdown(text, limit) {
  must(Buffer.byteLength(text) <= limit, `${Buffer.byteLength(text)} bytes`);
  const html = micromark(text, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  const page = new JSDOM(html).window.document;
  count("Markdown pages");
  for (const element of page.querySelectorAll("*"))
    must(TAGS.has(element.tagName), `<${element.tagName.toLowerCase()}> in Markdown`);
  for (const row of page.querySelectorAll("tr"))
    must(row.children.length === CELLS, `a row of ${row.children.length} cells`);
  for (const block of page.querySelectorAll("pre code")) await checkMermaid(block.textContent);
}

async function checkMermaid(text) {
  count("Mermaid pictures");
  try {
    await mermaid.parse(text);
    const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
    const nodes = [...diagram.db.getVertices().values()];
    const arrows = diagram.db.getEdges();
    const written = text.split("\n").filter((line) => /^  n\d+[[({]/.test(line)).length;
    must(diagram.type === "flowchart-v2", `a picture of the type ${diagram.type}`);
    must(nodes.length === written, `${nodes.length} nodes of ${written}`);
    must(arrows.length === (text.match(/ --> | -->\||-\.->/g) ?? []).length, "arrows are lost");
    must(nodes.every((node) => !node.link && !node.haveCallback), "a node that can be clicked");
    count("Mermaid nodes", nodes.length);
    count("Mermaid arrows", arrows.length);
  } catch (error) {
    wrong(`Mermaid: ${String(error.message).slice(0, 200)}`);
  }
}

// --- every case ---

for (const line of read(casesFile).split("\n").filter(Boolean)) {
  const [workspace, outputs] = line.split("\t");
  const output = (name) => read(path.join(outputs, name));
  current = workspace;
  count("cases");
  try {
    const json = JSON.parse(output("json"));
    holdsSchema("check.schema.json", json, "json");
    const lines = output("ndjson").split("\n").slice(0, -1).map((text) => JSON.parse(text));
    for (const object of lines) holdsSchema("check-line.schema.json", object, "ndjson lines");
    must(JSON.stringify(lines.slice(0, -1)) === JSON.stringify(json.findings), "ndjson is not json");
    const sarif = JSON.parse(output("sarif"));
    holds(sarifSchema, sarif, "SARIF logs");
    checkSarif(sarif, json, workspace);
    const gitlab = JSON.parse(output("gitlab"));
    holdsSchema("gitlab.schema.json", gitlab, "GitLab reports");
    must(new Set(gitlab.map((issue) => issue.fingerprint)).size === gitlab.length, "a fingerprint twice");
    must(gitlab.length === json.findings.length, "GitLab's report lacks findings");
    checkGithub(output("github"), json);
    await checkMarkdown(output("markdown"), 65536);
    await checkMarkdown(output("summary"), 1 << 20);
  } catch (error) {
    wrong(String(error.stack).split("\n").slice(0, 3).join(" "));
  }
}
for (const line of read(documentsFile).split("\n").filter(Boolean)) {
  const [schema, file] = line.split("\t");
  current = schema;
  try {
    if (schema === "mermaid") {
      count("graphs in Mermaid");
      const diagram = await mermaid.mermaidAPI.getDiagramFromText(read(file));
      const { vertices, edges } = { vertices: diagram.db.getVertices(), edges: diagram.db.getEdges() };
      const lines = read(file).split("\n");
      must(vertices.size === lines.filter((line) => /^  n\d+\[/.test(line)).length, "a node is lost, or made of a text");
      must(edges.length === lines.filter((line) => /^  n\d+ /.test(line)).length, "an edge is lost, or made of a text");
      continue;
    }
    const document = readJson(file);
    holdsSchema(`${schema}.schema.json`, document, "documents of other commands");
    if (schema === "graph") {
      const ids = new Set(document.nodes.map((node) => node.id));
      must(ids.size === document.nodes.length, "every node has an id of its own");
      must(document.edges.every((edge) => ids.has(edge.from) && ids.has(edge.to)), "every edge has its nodes");
    }
    if (schema === "opengraph") {
      const ids = new Set(document.graph.nodes.map((node) => node.id));
      must(ids.size === document.graph.nodes.length, "every node has an id of its own");
      must(document.graph.edges.every((edge) => ids.has(edge.start.value) && ids.has(edge.end.value)), "every edge has its nodes");
    }
  } catch (error) {
    wrong(error.message);
  }
}
console.log(
  Object.entries(counts)
    .map(([what, number]) => `${number} ${what}`)
    .join(", "),
);
process.exit(failed ? 1 : 0);
