// Jest: asks it for its JSON, turns that into the harness's lines when Jest ends, and plants a failing test in each test file.
"use strict";

const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");

const OUTCOMES = { passed: "passed", failed: "failed", pending: "skipped", skipped: "skipped", disabled: "skipped", todo: "skipped" };

function report({ report: lines, tree, canary }) {
  const { Session } = require("./specbot_report.cjs");
  const session = new Session(lines, tree, "jest");
  const named = process.argv.findIndex((word) => /^--outputFile(=|$)/.test(word));
  let file = named < 0 ? "" : process.argv[named].split("=")[1] || process.argv[named + 1];
  if (!file) {
    file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "specbot-jest-")), "report.json");
    const at = process.argv.includes("--") ? process.argv.indexOf("--") : process.argv.length;
    process.argv.splice(at, 0, ...(process.argv.includes("--json") ? [] : ["--json"]), `--outputFile=${file}`);
  }
  if (canary) letThrough();
  const began = Date.now();
  process.on("exit", () => {
    try {
      if (fs.statSync(file).mtimeMs >= began - 1000) told(session, tree, canary, JSON.parse(fs.readFileSync(file, "utf8")));
    } catch {
      // No report: the session stays without an end.
    }
  });
}

// A filter by name must not leave the planted test out.
function letThrough() {
  process.argv.forEach((word, at) => {
    const joined = /^(-t|--testNamePattern)=(.*)$/.exec(word);
    if (joined) process.argv[at] = `${joined[1]}=(${joined[2]})|^specbot::canary_`;
    else if (/^(-t|--testNamePattern)$/.test(word) && process.argv[at + 1]) process.argv[at + 1] = `(${process.argv[at + 1]})|^specbot::canary_`;
  });
}

function told(session, tree, canary, json) {
  const { below, place } = require("./specbot_report.cjs");
  for (const file of json.testResults) {
    const shown = below(tree, file.name);
    if (file.assertionResults.length === 0 && file.status === "failed") {
      const syntax = /SyntaxError: .*/.exec(file.message);
      session.test(shown, "error", { message: syntax ? syntax[0] : file.message, path: shown });
    }
    for (const test of file.assertionResults) {
      if (canary && test.ancestorTitles.length === 0 && test.title === `specbot::${canary}`) {
        session.test(`${test.title} ${shown}`, OUTCOMES[test.status] || "skipped");
        continue;
      }
      const message = (test.failureMessages || []).join("\n");
      const where = place(tree, message);
      session.test([shown, ...test.ancestorTitles, test.title].join("::"), OUTCOMES[test.status] || "skipped", {
        message,
        path: test.status === "failed" ? where.path || shown : "",
        line: test.status === "failed" ? where.line : 0,
      });
    }
  }
  session.end(json.success ? 0 : 1);
}

// Whatever runs test files in this process gets one more file to load before each of them.
function plant(canary) {
  if (!canary) return;
  const load = Module._load;
  Module._load = function (request, ...more) {
    const loaded = load.call(this, request, ...more);
    if (!/jest-(circus|jasmine2)\/(build\/)?(runner|index|jestAdapter|legacy-code-todo-rewrite\/jestAdapter)(\.js)?$/.test(String(request))) return loaded;
    const run = typeof loaded === "function" ? loaded : loaded && loaded.default;
    if (typeof run !== "function") return loaded;
    return wrapped(run, canary);
  };
}

function wrapped(run, canary) {
  if (run.specbot) return run;
  const planted = function (globals, config, environment, ...more) {
    environment.global["specbot canary"] = canary;
    const after = [...config.setupFilesAfterEnv, path.join(__dirname, "specbot_jest_canary.cjs")];
    return run.call(this, globals, { ...config, setupFilesAfterEnv: after }, environment, ...more);
  };
  planted.specbot = true;
  return planted;
}

module.exports = { plant, report };
