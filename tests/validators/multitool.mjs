// multitool.mjs LOG: prints what Microsoft's SARIF multitool found, and fails if it found
// anything. multitool.xml says which of its rules are switched off, and why.

import { readFileSync } from "node:fs";

const run = JSON.parse(readFileSync(process.argv[2], "utf8").replace(/^\uFEFF/, "")).runs[0];
const ids = run.results.map((result) => result.ruleId ?? run.tool.driver.rules[result.ruleIndex]?.id ?? result.rule?.id);
let failed = 0;
run.results.forEach((result, i) => {
  const rule = ids[i].split("/")[0];
  failed++;
  const place = result.locations?.[0]?.physicalLocation;
  if (failed <= 20)
    console.log(
      `FAILED  ${place?.artifactLocation?.uri}:${place?.region?.startLine}: ${rule}: ${JSON.stringify(result.message)}`,
    );
});
const notes = (run.invocations ?? []).flatMap((invocation) => [
  ...(invocation.toolExecutionNotifications ?? []),
  ...(invocation.toolConfigurationNotifications ?? []),
]);
for (const note of notes.filter((note) => note.level === "error")) {
  failed++;
  console.log(`FAILED  multitool: ${note.message.text}`);
}
console.log(`${run.tool.driver.name} ${run.tool.driver.version ?? run.tool.driver.semanticVersion}: ${failed} findings`);
process.exit(failed ? 1 : 0);
