// GitHub's hash of a line, once more: written from its description, with whole numbers of
// any size, so that it shares nothing with compiler/report/line_hash.c. The hash of a line
// is the sum of its next 100 units times falling powers of 37, modulo 2^64.

const WINDOW = 100;
const MASK = (1n << 64n) - 1n;

// The units that count, and where in them each line starts. Every CR, LF and CRLF ends a
// line and counts as LF; blanks do not count; one unit 65535 ends the file.
function unitsOf(text) {
  const units = [];
  const starts = [0];
  const ends = text.replace(/\r\n/g, "\n").replace(/\r/g, "\n");
  for (let i = 0; i < ends.length; i++) {
    const unit = ends.charCodeAt(i);
    if (unit === 32 || unit === 9) continue;
    units.push(unit);
    if (unit === 10) starts.push(units.length);
  }
  units.push(65535);
  return { units, starts };
}

// ["3c5bef55b72b93c9:1", ...] by line, from the first.
export function lineHashes(bytes) {
  const { units, starts } = unitsOf(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  const seen = new Map();
  return starts.map((start) => {
    let hash = 0n;
    for (let i = 0; i < WINDOW; i++) hash = (hash * 37n + BigInt(units[start + i] ?? 0)) & MASK;
    const digits = hash.toString(16);
    seen.set(digits, (seen.get(digits) ?? 0) + 1);
    return `${digits}:${seen.get(digits)}`;
  });
}
