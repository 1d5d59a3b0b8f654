// Loaded before everything else in every Node of the box: counts it, sees it end, makes its test runners tell of their tests, and is the
// canary of programs that run no tests. Nothing but Node 18 or newer. See FORMAT.md for what is written.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { isMainThread } = require("node:worker_threads");

const CANARY_EXIT = 97; // the same number as in the package's `__init__`
const LAUNCHERS = new Set(["npm-cli.js", "npx-cli.js", "npm", "npx", "yarn.js", "yarn", "pnpm.cjs", "pnpm", "corepack.js"]);

if (isMainThread && process.env.SPECBOT_REPORT) main();

function main() {
  const environ = process.env;
  const state = {
    report: environ.SPECBOT_REPORT,
    tree: environ.SPECBOT_TREE || "/ws",
    canary: environ.SPECBOT_CANARY || "",
    depth: Number.parseInt(environ.SPECBOT_DEPTH || "0", 10) || 0,
    nested: environ.SPECBOT_NESTED === "1",
  };
  const program = realProgram();
  const starts = LAUNCHERS.has(path.basename(program)) || (isTestRunner() && !environ.NODE_TEST_CONTEXT);
  if (environ.SPECBOT_JS_STUBS && !starts) require("./specbot_stubs.cjs").install(environ.SPECBOT_JS_STUBS, state.tree);
  if (environ.NODE_TEST_CONTEXT) return inTestFile(state);
  if (program.endsWith("/jest-worker/build/workers/processChild.js")) return inJest(state, environ.SPECBOT_JEST_CANARY);
  // What starts another program and hands its status on is neither a program to watch nor a level of its own.
  if (LAUNCHERS.has(path.basename(program))) return;
  if (!state.nested && isTestRunner()) return runTests(state);
  if (!state.nested && /\/jest(-cli)?\/bin\/jest\.js$/.test(program)) return runJest(state);
  watch(state, program);
}

function realProgram() {
  try {
    return process.argv[1] ? fs.realpathSync(process.argv[1]) : "";
  } catch {
    return process.argv[1] || "";
  }
}

// A plain program: its start, its end, an exit that comes from deep inside, and in a canary run a status that cannot be overlooked.
function watch(state, program) {
  const { below, write } = require("./specbot_report.cjs");
  const { report, tree, canary, depth } = state;
  const { pid } = process;
  write(report, { kind: "node", pid, depth, version: process.versions.node });
  process.env.SPECBOT_DEPTH = String(depth + 1);
  if (depth > 0) return;
  const exit = process.exit;
  process.exit = function (status) {
    const code = arguments.length > 0 ? status : process.exitCode;
    if (!code || Number(code) === 0) {
      const shown = program ? below(tree, program) : "<string>";
      write(report, { kind: "main", pid, end: "exit", status: 0, main: shown, through: through(tree, program) });
    }
    return exit.apply(process, arguments);
  };
  let raised = false;
  process.on("uncaughtExceptionMonitor", () => {
    raised = true;
  });
  process.on("exit", () => {
    write(report, { kind: "node-exit", pid, depth });
    // A listener that swallows what nobody caught does not make it a success.
    if (raised && !process.exitCode) process.exitCode = 1;
    if (canary) {
      fs.writeSync(1, `specbot::${canary}\n`);
      process.exitCode = CANARY_EXIT;
    }
  });
}

// The innermost file of the tree, other than the program itself and what was installed, that an exit came through.
function through(tree, program) {
  const { below } = require("./specbot_report.cjs");
  const frames = String(new Error("exit").stack).matchAll(/(?:file:\/\/)?(\/[^\s():]+):\d+:\d+/g);
  for (const frame of frames) {
    const file = frame[1];
    if (file.startsWith(tree + path.sep) && file !== program && !file.includes("/node_modules/")) return below(tree, file);
  }
  return "";
}

function isTestRunner() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const reports = major >= 20 || (major === 18 && minor >= 15);
  return reports && process.execArgv.includes("--test") && !process.execArgv.some((word) => word.startsWith("--watch"));
}

// `node --test` takes its reporters from its words alone, so it is started once more with ours among them.
function runTests(state) {
  if (process.env.SPECBOT_NODE_RUNNER) {
    delete process.env.SPECBOT_NODE_RUNNER;
    if (process.execArgv.some((word) => /^--(experimental-)?test-isolation=none$/.test(word))) inTestFile(state);
    return;
  }
  const { spawnSync } = require("node:child_process");
  const words = [...process.execArgv, ...reporters(process.execArgv), ...process.argv.slice(1)];
  if (state.canary && words.some((word) => word.startsWith("--test-name-pattern"))) {
    words.unshift("--test-name-pattern=^specbot::canary_");
  }
  const ended = spawnSync(process.execPath, words, {
    stdio: "inherit",
    env: { ...process.env, SPECBOT_NODE_RUNNER: "1" },
  });
  if (ended.signal) process.kill(process.pid, ended.signal);
  process.exit(ended.status === null ? 1 : ended.status);
}

// Every reporter needs a destination as soon as there are two of them.
function reporters(words) {
  const count = (name) => words.filter((word) => word === name || word.startsWith(`${name}=`)).length;
  const own = count("--test-reporter");
  const added = own === 0 ? ["--test-reporter=spec"] : [];
  if (count("--test-reporter-destination") < own + added.length) added.push("--test-reporter-destination=stdout");
  return [...added, `--test-reporter=${path.join(__dirname, "specbot_node_test.cjs")}`, "--test-reporter-destination=stderr"];
}

// A process that runs one test file. The planted test comes when the file has nothing left to do, so that an early exit leaves it out.
function inTestFile(state) {
  for (const name of ["SPECBOT_REPORT", "SPECBOT_CANARY"]) delete process.env[name];
  process.env.SPECBOT_NESTED = "1";
  if (!state.canary || state.nested) return;
  const { test } = require("node:test");
  const assert = require("node:assert");
  const { below } = require("./specbot_report.cjs");
  const file = below(state.tree, process.argv[1]);
  let planted = null;
  // Node's own listener would cancel a test that is still running: it waits for the planted one.
  const on = process.on;
  process.on = function (event, listener) {
    if (event !== "beforeExit") return on.apply(this, arguments);
    const waiting = (...all) => (planted ? planted.then(() => listener(...all)) : listener(...all));
    waiting.listener = listener;
    return on.call(this, event, waiting);
  };
  process.once("beforeExit", () => {
    const alive = setInterval(() => {}, 1000);
    const run = test(`specbot::${state.canary} ${file}`, { only: process.execArgv.includes("--test-only") }, () => {
      for (const check of [() => assert(false), () => assert.equal(1, 2), () => assert.strictEqual(1, 2), () => assert.deepStrictEqual([1], [2])]) {
        let noticed = false;
        try {
          check();
        } catch {
          noticed = true;
        }
        if (!noticed) return;
      }
      throw new Error("planted by the harness; a run in which this is green proves nothing");
    });
    planted = Promise.resolve(run).then(() => {
      clearInterval(alive);
      planted = null;
    });
  });
}

function runJest(state) {
  const jest = require("./specbot_jest.cjs");
  delete process.env.SPECBOT_CANARY;
  process.env.SPECBOT_NESTED = "1";
  if (state.canary) process.env.SPECBOT_JEST_CANARY = state.canary;
  jest.report(state);
  jest.plant(state.canary);
}

function inJest(state, canary) {
  delete process.env.SPECBOT_JEST_CANARY;
  delete process.env.SPECBOT_REPORT;
  require("./specbot_jest.cjs").plant(canary || "");
}
