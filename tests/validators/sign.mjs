// sign.mjs DIRECTORY: requests signed by two implementations of AWS's signature, as bytes
// of HTTP: aws4 and @smithy/signature-v4 (which the AWS SDK signs with). They are always
// the same; each is a file N.request, signed with the secret key in N.secret.

import { writeFileSync } from "node:fs";
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import aws4 from "aws4";

const [directory] = process.argv.slice(2);
const rounds = 100;
let state = 20260102;
function random(below) {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % below;
}
const pick = (list) => list[random(list.length)];
const word = (letters, max) =>
  Array.from({ length: 1 + random(max) }, () => pick(letters)).join("");
const small = [..."abcdefghijklmnopqrstuvwxyz0123456789"];
const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

function makeCase() {
  const query = {};
  for (let i = random(4); i > 0; i--)
    query[word([...small, "-", "~", "é", " ", "+", "/"], 6)] = word([...small, " ", "=", "&", "ü", "*"], 8);
  const headers = {};
  for (let i = random(4); i > 0; i--)
    headers[`X-${word(small, 5)}${pick(["", "-a", "-b"])}`] = word([...small, "A", ",", ";", "=", " "], 12).trim() || "x";
  return {
    method: pick(["GET", "POST", "PUT"]),
    path: pick(["/", "/a", "/a/", "/a%20b/c", "/a/../b", "/./x//y/", "/~u/%C3%A9"]),
    query,
    headers,
    body: pick(["", "{}", '{"registryIds":["123456789012"]}', "ü\n"]),
    host: `${word(small, 8)}.${pick(["example", "us-east-1.amazonaws.com"])}`,
    region: pick(["us-east-1", "eu-central-1", "cn-north-1"]),
    service: pick(["ecr", "ecr-public", "service"]),
    accessKeyId: `AKIA${word(small, 16).toUpperCase()}`,
    secretAccessKey: word([...small, "/", "+", "=", ":"], 80),
    sessionToken: pick([undefined, undefined, "FwoG//wE+Token="]),
    date: new Date(Date.UTC(2020, random(12), 1 + random(28), random(24), random(60), random(60))),
  };
}

const queryOf = (query) =>
  Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");

function bytesOf(request, headers) {
  const query = queryOf(request.query);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${request.method} ${request.path}${query ? `?${query}` : ""} HTTP/1.1\r\n${lines.join("")}\r\n${request.body}`;
}

async function bySmithy(request) {
  const signer = new SignatureV4({
    credentials: request,
    region: request.region,
    service: request.service,
    sha256: Sha256,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: request.method,
      protocol: "https:",
      hostname: request.host,
      path: request.path,
      query: request.query,
      headers: { host: request.host, ...request.headers },
      body: request.body,
    },
    { signingDate: request.date },
  );
  return bytesOf(request, signed.headers);
}

function byAws4(request) {
  const query = queryOf(request.query);
  const stamp = request.date.toISOString().replace(/[:-]|\.\d{3}/g, "");
  const signed = aws4.sign(
    {
      method: request.method,
      host: request.host,
      path: `${request.path}${query ? `?${query}` : ""}`,
      service: request.service,
      region: request.region,
      headers: { Host: request.host, ...request.headers, "X-Amz-Date": stamp },
      body: request.body || undefined,
    },
    request,
  );
  return bytesOf(request, signed.headers);
}

for (let i = 0; i < rounds; i++) {
  const request = makeCase();
  for (const [by, bytes] of [["aws4", byAws4(request)], ["smithy", await bySmithy(request)]]) {
    writeFileSync(`${directory}/${by}-${i}.request`, bytes);
    writeFileSync(`${directory}/${by}-${i}.secret`, request.secretAccessKey);
  }
}
