// manifests.mjs BERTH SCHEMAS LIST: holds manifests and berth.yaml against their schemas.
//
// LIST has a workspace's directory in each line. Where berth judges it, each of its policy
// files must be accepted by the schema, unless berth finds in it what no schema lets pass;
// what is typically wrong is refused by both.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { parse } from "yaml";

const [berth, schemas, list] = process.argv.slice(2);
const UNUSABLE = 2;
const FORMATS = { date: /^\d{4}-\d{2}-\d{2}$/ };
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, formats: FORMATS });
const schema = (name) => ajv.compile(JSON.parse(readFileSync(path.join(schemas, name), "utf8")));
const manifest = schema("manifest.schema.json");
const policy = schema("berth-yaml.schema.json");

let failed = 0;
function must(condition, what) {
  if (condition) return;
  failed++;
  console.log(`FAILED  ${what}`);
}

// What berth reports of a policy file and goes on; an editor that knows the schema shows it.
const REFUSED = ["input/unknown-key", "leak/secret-value-in-manifest"];

// Undefined where berth cannot use the policy, else the files in which it found such.
function judge(directory) {
  const run = spawnSync(berth, ["check", "--no-ignores", "--format", "json", "--today", "2026-01-01"], {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (run.status === UNUSABLE) return undefined;
  const found = JSON.parse(run.stdout).findings.filter(({ rule }) => REFUSED.includes(rule));
  return new Set(found.map(({ location }) => path.join(directory, location.path)));
}
const isYaml = (name) => /\.ya?ml$/.test(name);

// The manifests that berth reads unless berth.yaml names others.
function manifestsOf(directory, says) {
  if (says?.manifests) return [];
  return ["berth", ".berth"]
    .map((name) => path.join(directory, name))
    .filter(existsSync)
    .flatMap((name) => readdirSync(name).filter(isYaml).map((file) => path.join(name, file)));
}

let accepted = 0;
let refusedFiles = 0;
function hold(validate, data, file, findings) {
  const isValid = validate(data);
  const error = validate.errors?.[0];
  if (findings.has(file)) {
    refusedFiles++;
    must(!isValid, `${file} is accepted by the schema, where berth finds ${REFUSED.join(" or ")}`);
  } else {
    accepted++;
    must(isValid, `${file}: ${error?.instancePath} ${error?.message}`);
  }
}

for (const directory of readFileSync(list, "utf8").split("\n").filter(Boolean)) {
  const findings = judge(directory);
  if (!findings) continue;
  const file = path.join(directory, "berth.yaml");
  const says = existsSync(file) ? parse(readFileSync(file, "utf8")) : null;
  if (existsSync(file)) hold(policy, says, file, findings);
  for (const name of manifestsOf(directory, says)) hold(manifest, parse(readFileSync(name, "utf8")), name, findings);
}
must(accepted > 100 && refusedFiles > 0, `only ${accepted} and ${refusedFiles} policy files were held against schemas`);

const BAD_MANIFESTS = {
  "an unknown list": "repos: []",
  "a list at the top": "- name: a/b",
  "a scalar at the top": "public",
  "a repository without a name": "repositories: [{visibility: public}]",
  "a repository without its owner": "repositories: [{name: app}]",
  "an unknown visibility": "repositories: [{name: a/b, visibility: secret}]",
  "an unknown key": "repositories: [{name: a/b, visible: public}]",
  "a truth value in words": "packages: [{name: a/b, inherit_access: sometimes}]",
  "a list that is a mapping": "packages: {name: a/b}",
  "a package with its host": "packages: [{name: ghcr.io/a/b, inherit_access: [1]}]",
  "access that is a mapping": "packages: [{name: a/b, codespaces_access: {a/c: true}}]",
  "access of a name without its owner": "packages: [{name: a/b, codespaces_access: [c]}]",
  "a secret without a name": "secrets: [{organization: a}]",
  "a secret with an unknown visibility": "secrets: [{name: A, organization: a, visibility: internal}]",
  "a registry that is a text": "registries: [registry.example.com]",
  "an organization with an unknown key": "organizations: [{name: a, plan: free}]",
};
const BAD_POLICIES = {
  "an unknown key": "manifest: [a.yaml]",
  "a list at the top": "- a.yaml",
  "manifests that are a number": "manifests: 3",
  "an unknown severity": "severity: {leak/nonpublic-image-exposed: fatal}",
  "an acknowledgement without a reason": "acknowledge: [{rule: leak/nonpublic-image-exposed}]",
  "an acknowledgement without a rule": "acknowledge: [{reason: it is meant}]",
  "an acknowledgement with an unknown key":
    "acknowledge: [{rule: leak/nonpublic-image-exposed, reason: it is meant, by: me}]",
  "an acknowledgement until no day":
    "acknowledge: [{rule: leak/nonpublic-image-exposed, reason: it is meant, until: soon}]",
};

const work = mkdtempSync(path.join(tmpdir(), "manifests-"));
mkdirSync(path.join(work, "berth"));
function refused(cases, validate, name) {
  for (const [what, text] of Object.entries(cases)) {
    writeFileSync(path.join(work, name), `${text}\n`);
    must(judge(work)?.size !== 0, `${name}: ${what} is accepted by berth`);
    must(!validate(parse(text)), `${name}: ${what} is accepted by the schema`);
  }
  rmSync(path.join(work, name));
}
refused(BAD_MANIFESTS, manifest, path.join("berth", "a.yaml"));
refused(BAD_POLICIES, policy, "berth.yaml");
rmSync(work, { recursive: true });

const bad = refusedFiles + Object.keys(BAD_MANIFESTS).length + Object.keys(BAD_POLICIES).length;
console.log(`${accepted} policy files are accepted, and ${bad} bad ones refused, by berth and schemas alike`);
process.exit(failed ? 1 : 0);
