// Builds everything the browser loads into dist/: hashed names, a manifest, and .gz beside each file.
// Run `npm ci && node build.mjs` here. Fails when a page or a list without a chart would load more than its budget.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, "dist");
const KB = 1000;
const BUDGET = { first: 250 * KB, script: 170 * KB };
// theme.js stands alone because it must run before the first paint; chart.js, grid.js and plan.js because not every
// page shows a chart, a list, a plan or a board.
const BUNDLES = [
  { name: "app.js", entry: "src/app.js", format: "esm" },
  { name: "theme.js", entry: "src/theme.js", format: "iife" },
  { name: "chart.js", entry: "src/chart/index.js", format: "esm" },
  { name: "grid.js", entry: "src/grid/index.js", format: "esm" },
  { name: "plan.js", entry: "src/plan/index.js", format: "esm" },
  { name: "board.js", entry: "src/board/index.js", format: "esm" },
  { name: "board.css", entry: "src/styles/board.css" },
  { name: "overview.css", entry: "src/styles/overview.css" },
  { name: "app.css", entry: "src/styles/app.css" },
  { name: "grid.css", entry: "src/styles/grid.css" },
];

async function bundle({ entry, format }) {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format,
    target: ["es2020", "chrome100", "firefox100", "safari15"],
    legalComments: "inline",
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

async function sprite() {
  const { outline, filled } = JSON.parse(await readFile(path.join(here, "src/icons.json"), "utf8"));
  const drawn = [...outline.map(tablerSymbol), ...filled.map(filledSymbol), ownSymbol("tradewind")];
  const symbols = await Promise.all(drawn);
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

async function tablerSymbol(name) {
  const file = path.join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`);
  const body = inside(await readFile(file, "utf8")).replace(/<path stroke="none" d="M0 0h24v24H0z"[^>]*\/>/, "");
  const pen = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24"><g ${pen}>${body}</g></symbol>`;
}

async function filledSymbol(name) {
  const file = path.join(here, "node_modules/@tabler/icons/icons/filled", `${name}.svg`);
  const body = inside(await readFile(file, "utf8")).replace(/<path stroke="none" d="M0 0h24v24H0z"[^>]*\/>/, "");
  return `<symbol id="${name}-filled" viewBox="0 0 24 24"><g fill="currentColor">${body}</g></symbol>`;
}

async function ownSymbol(name) {
  const body = inside(await readFile(path.join(here, "src", `${name}.svg`), "utf8"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${body}</symbol>`;
}

function inside(svg) {
  return svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/>\s+</g, "><").trim();
}

async function store(name, bytes) {
  const { name: stem, ext } = path.parse(name);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const hashed = `${stem}-${hash}${ext}`;
  const packed = gzipSync(bytes, { level: 9 });
  await writeFile(path.join(dist, hashed), bytes);
  await writeFile(path.join(dist, `${hashed}.gz`), packed);
  return { name, hashed, raw: bytes.length, gz: packed.length };
}

function report(files) {
  const gz = Object.fromEntries(files.map((file) => [file.name, file.gz]));
  for (const file of files) {
    console.log(`${file.hashed.padEnd(28)} ${kb(file.raw)} kB ${kb(file.gz)} kB gz`);
  }
  check("first load of a page", gz, ["app.js", "theme.js"], ["app.css"]);
  check("first load of a list", gz, ["app.js", "theme.js", "grid.js"], ["app.css", "grid.css"]);
}

function check(what, gz, scripts, styles) {
  const sum = (names) => names.reduce((total, name) => total + gz[name], 0);
  const [script, first] = [sum(scripts), sum([...scripts, ...styles])];
  console.log(`${what}: ${kb(first)} of ${kb(BUDGET.first)} kB gz, script ${kb(script)} of ${kb(BUDGET.script)}`);
  if (first > BUDGET.first || script > BUDGET.script) {
    throw new Error(`over budget: ${what}`);
  }
}

function kb(bytes) {
  return (bytes / KB).toFixed(1).padStart(7);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const files = [];
for (const one of BUNDLES) {
  files.push(await store(one.name, await bundle(one)));
}
files.push(await store("icons.svg", await sprite()));
files.push(await store("favicon.svg", await readFile(path.join(here, "src/favicon.svg"))));
const manifest = Object.fromEntries(files.map((file) => [file.name, file.hashed]));
await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
report(files);
