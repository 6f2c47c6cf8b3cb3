// Compares what `berth dump configurations` says with what the dev container CLI printed
// for the same files. For oracle_cli.sh:
//
//   node oracle_cli.js ANSWERS LIST OURS
//
// ANSWERS is the directory of the CLI's answers, with ${WS} for the workspace folder; LIST
// has a line "number TAB path" for each file; OURS are the lines of berth, whose paths are
// .devcontainer/<number>/devcontainer.json.
//
// Every property is the same but for these, which the two mean to say otherwise:
//
//   what differs                  why                                    so that
//   variables without a value     berth keeps them, the CLI's machine    they are filled in
//                                 knew them                              as that machine did
//   numbers                       none decides what is pulled            both count as null
//   the order of keys             an object has none                     both are sorted
"use strict";
const fs = require("fs");
const path = require("path");

const [answers, list, ours] = process.argv.slice(2);

// The machine on which the CLI ran.
const environment = { HOME: "/home/dev", USER: "dev" };

const compared = [
  "image", "dockerFile", "context", "dockerComposeFile", "service", "build",
  "runServices", "overrideFeatureInstallOrder", "mounts", "runArgs", "features",
];

// The workspace folder is the one above .devcontainer; elsewhere that of the file.
function folderOf(file) {
  const directory = path.dirname(file);
  const at = directory.split("/").lastIndexOf(".devcontainer");
  return at < 0 ? directory : directory.split("/").slice(0, at).join("/");
}

// What berth leaves to the machine, as that machine knows it.
function fill(text, file, workspace) {
  const inside = workspace.workspaceFolder || "";
  return text.replace(/\$\{(.*?)\}/g, (whole, body) => {
    const [name, variable] = body.split(":");
    switch (name) {
      case "env":
      case "localEnv":
        return environment[variable] || "";
      case "localWorkspaceFolder":
        return "${WS}";
      case "localWorkspaceFolderBasename":
        return path.basename(folderOf(file));
      case "containerWorkspaceFolder":
        return inside;
      case "containerWorkspaceFolderBasename":
        return path.basename(inside);
      default:
        return whole;
    }
  });
}

function filled(value, file, workspace) {
  if (typeof value === "string")
    return fill(value, file, workspace);
  if (Array.isArray(value))
    return value.map((item) => filled(item, file, workspace));
  if (value === null || typeof value !== "object")
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filled(item, file, workspace)]));
}

// Keys in one order; numbers, which berth does not need, as null.
function canonical(value) {
  if (typeof value === "number")
    return null;
  if (Array.isArray(value))
    return value.map(canonical);
  if (value === null || typeof value !== "object")
    return value;
  return Object.fromEntries(
    Object.keys(value).sort().map((key) => [key, canonical(value[key])]));
}

const lines = fs.readFileSync(ours, "utf8").split("\n").filter(Boolean).map(JSON.parse);
const byNumber = new Map(
  lines.map((line) => [line.configuration.split("/")[1], line]));
let passed = 0, failed = 0;

function compare(file, property, theirs, mine) {
  const expected = JSON.stringify(canonical(theirs)), found = JSON.stringify(canonical(mine));
  if (expected === found)
    passed++;
  else {
    failed++;
    console.log(`${file}: ${property}\n  the CLI: ${expected}\n  berth:   ${found}`);
  }
}

for (const line of fs.readFileSync(list, "utf8").split("\n").filter(Boolean)) {
  const [number, file] = line.split("\t");
  const answer = JSON.parse(fs.readFileSync(path.join(answers, `${file}.canon`), "utf8"));
  const own = byNumber.get(number);
  if (!own) {
    failed++;
    console.log(`${file}: berth says nothing of it`);
    continue;
  }
  for (const property of compared) {
    const theirs = answer.configuration[property];
    if (theirs === undefined && own[property] === undefined)
      continue;
    compare(file, property, theirs, filled(own[property], file, answer.workspace));
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
