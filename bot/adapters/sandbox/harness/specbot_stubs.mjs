// Stand-ins for what modules of the `import` kind lack; runs in the thread of Node's loader. See specbot_stubs.cjs.
//
// A module that lacks a name is replaced by one of ours, which hands on all it has and adds what was missing. One that is not there at all
// gets the names that its importer asks for.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const SCHEME = "specbot-stub:";

let told = { kind: "nothing", names: [], plain: [], tree: "" };

export async function initialize(data) {
  told = data;
}

export async function resolve(specifier, context, next) {
  if (!inTree(context.parentURL)) return next(specifier, context);
  let found;
  try {
    found = await next(specifier, context);
  } catch (fault) {
    if (!wasMissing(specifier, fault)) throw fault;
    return { url: stub("", asked(specifier, context.parentURL)), format: "module", shortCircuit: true };
  }
  const lacking = inTree(found.url) ? asked(specifier, context.parentURL) : [];
  if (!lacking.some((name) => told.plain.includes(name))) return found;
  return { url: stub(found.url, lacking), format: "module", shortCircuit: true };
}

export async function load(url, context, next) {
  if (!url.startsWith(SCHEME)) return next(url, context);
  const { real, names } = JSON.parse(decodeURIComponent(url.slice(SCHEME.length)));
  const lines = real ? [`export * from ${JSON.stringify(real)};`, `import * as real from ${JSON.stringify(real)};`] : ["const real = {};"];
  names.forEach((name, number) => {
    const body = told.kind === "raises" ? `throw new Error("stand-in: ${name}");` : "";
    lines.push(`const s${number} = Object.keys(real).includes("${name}") ? real["${name}"] : function () { ${body} };`);
    lines.push(`export { s${number} as ${name} };`);
  });
  return { format: "module", source: lines.join("\n"), shortCircuit: true };
}

function stub(real, names) {
  return SCHEME + encodeURIComponent(JSON.stringify({ real, names }));
}

function inTree(url) {
  return String(url || "").startsWith(told.tree) && !url.includes("/node_modules/");
}

function wasMissing(specifier, fault) {
  const [, named] = /Cannot find (?:module|package) '([^'\n]+)'/.exec(String(fault && fault.message)) || [];
  return told.names.includes(specifier) || (named !== undefined && told.names.some((name) => basename(name) === basename(named)));
}

// The names that a module imports from `specifier`; everything that is missing anywhere, where it takes the whole module.
function asked(specifier, parent) {
  let source;
  try {
    source = readFileSync(fileURLToPath(parent), "utf8");
  } catch {
    return [];
  }
  const from = specifier.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const names = new Set();
  const statement = new RegExp(String.raw`\b(?:import|export)\s*(?:([\w$]+)\s*,?\s*)?(\{[^}]*\}|\*\s*as\s+[\w$]+)?\s*from\s*["']${from}["']`, "g");
  for (const [, whole, more] of source.matchAll(statement)) {
    if (whole) names.add("default");
    if (more && more.startsWith("{")) listed(more).forEach((name) => names.add(name));
    if (more && more.startsWith("*")) told.plain.forEach((name) => names.add(name));
  }
  if (new RegExp(String.raw`\bimport\s*\(\s*["']${from}["']`).test(source)) told.plain.forEach((name) => names.add(name));
  return [...names];
}

function listed(braces) {
  const names = braces.slice(1, -1).split(",").map((part) => part.trim().split(/\s+as\s+/)[0]);
  return names.filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
}
