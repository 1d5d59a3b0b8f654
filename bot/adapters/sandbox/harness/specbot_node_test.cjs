// A reporter of `node --test`: named results into the harness's report. It runs in the runner's process; test files run in others.
"use strict";

const { Session, below, place } = require("./specbot_report.cjs");

const { SPECBOT_REPORT: report, SPECBOT_TREE: tree = "/ws", SPECBOT_CANARY: canary } = process.env;

const PRINTED = 20000; // characters of a file's error output that are looked at

module.exports = async function* named(source) {
  const session = new Session(report, tree, "node");
  const above = new Map();
  const files = new Map();
  const printed = new Map();
  for await (const { type, data } of source) {
    if (type === "test:start") {
      const names = above.get(data.file) || [];
      names.length = data.nesting;
      names[data.nesting] = data.name;
      above.set(data.file, names);
    } else if (type === "test:stderr") {
      const before = printed.get(data.file) || "";
      if (before.length < PRINTED) printed.set(data.file, before + data.message);
    } else if (type === "test:pass" || type === "test:fail") {
      ended(session, type === "test:pass", data, above.get(data.file) || [], files, printed);
    }
  }
  // A file that ended without its planted test was left early: nobody knows whether it was listened to.
  if (canary) for (const [file, reached] of files) if (!reached) session.test(`specbot::${canary} ${file}`, "skipped");
  session.end(session.red ? 1 : 0);
  yield "";
};

function ended(session, passed, data, names, files, printed) {
  const details = data.details || {};
  const fault = details.error;
  const kind = fault && fault.failureType;
  // A suite is told by its tests, unless something went wrong outside of them.
  if (details.type === "suite" && (passed || kind === "subtestsFailed")) return;
  if (canary && data.nesting === 0 && String(data.name).startsWith(`specbot::${canary}`)) {
    files.set(data.name.slice(data.name.indexOf(" ") + 1), true);
    session.test(data.name, passed ? (data.skip !== undefined ? "skipped" : "passed") : "failed");
    return;
  }
  const file = below(tree, data.file);
  const whole = data.nesting === 0 && below(tree, data.name) === file;
  // A file that could not be loaded is red by itself.
  if (!files.has(file)) files.set(file, whole && !passed);
  const name = whole ? file : [file, ...names.slice(0, data.nesting), data.name].filter(Boolean).join("::");
  session.test(name, outcome(passed, whole, kind, data), passed ? {} : described(fault, file, whole ? printed.get(data.file) : ""));
}

function outcome(passed, whole, kind, data) {
  if (data.skip !== undefined || data.todo !== undefined) return "skipped";
  if (passed) return "passed";
  return whole || kind === "hookFailed" || kind === "cancelledByParent" ? "error" : "failed";
}

// Why a file could not be loaded is only printed.
function described(fault, file, text) {
  const told = /^\w*Error(?: \[\w+\])?: .*$/m.exec(text || "");
  if (told) return { message: told[0], path: file };
  const cause = (fault && fault.cause) || fault || {};
  const words = typeof cause === "object" ? cause.message : cause;
  const where = place(tree, typeof cause === "object" ? cause.stack : "");
  return { exception: String(cause.name || "").slice(0, 100), message: String(words || ""), path: where.path || file, line: where.line };
}
