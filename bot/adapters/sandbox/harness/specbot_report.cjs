// Writes the harness's lines from Node. See FORMAT.md for what is written.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const CHARACTERS = 1000; // of a name and of a failure's words
const CROWDED_BYTES = 524288; // half of what is read: from here on failures are named without their text

let sessions = 0;

function write(report, line) {
  let file;
  try {
    file = fs.openSync(report, fs.constants.O_WRONLY | fs.constants.O_APPEND);
    const crowded = fs.fstatSync(file).size > CROWDED_BYTES;
    const kept = {};
    for (const [key, value] of Object.entries(line)) {
      const empty = value === "" || value === undefined || (key === "line" && !value);
      if (!empty && !(crowded && ["message", "path", "line"].includes(key))) kept[key] = value;
    }
    const ascii = JSON.stringify(kept).replace(/[\u007f-\uffff]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
    fs.writeSync(file, ascii + "\n");
  } catch {
    // The report is full or gone: nothing can be told.
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

function below(tree, file) {
  const name = String(file || "").replace(/^file:\/\//, "");
  return name.startsWith(tree + path.sep) ? name.slice(tree.length + 1) : name;
}

// The innermost frame of the tree in a stack's text.
function place(tree, stack) {
  for (const found of String(stack || "").matchAll(/(?:file:\/\/)?(\/[^\s():]+):(\d{1,9}):\d{1,9}/g)) {
    if (found[1].startsWith(tree + path.sep) && !found[1].includes("/node_modules/")) {
      return { path: below(tree, found[1]), line: Number(found[2]) };
    }
  }
  return { path: "", line: 0 };
}

class Session {
  constructor(report, tree, runner) {
    this.report = report;
    this.tree = tree;
    this.name = `${process.pid}-n${++sessions}`;
    this.seen = new Map();
    this.collected = 0;
    this.red = false;
    write(report, { kind: "session", session: this.name, v: 1, runner, node: process.versions.node, root: tree });
  }

  // `file::suite::test`; the second test of one name in a file is told apart by its number.
  test(name, outcome, more) {
    const count = (this.seen.get(name) || 0) + 1;
    this.seen.set(name, count);
    this.collected += 1;
    this.red = this.red || outcome === "failed" || outcome === "error";
    const shown = count > 1 ? `${name} (${count})` : name;
    const message = String((more && more.message) || "").slice(0, CHARACTERS);
    write(this.report, { kind: "test", session: this.name, name: shown.slice(0, CHARACTERS), outcome, ...more, message });
  }

  end(status) {
    write(this.report, { kind: "end", session: this.name, exit: status, collected: this.collected, deselected: 0 });
  }
}

module.exports = { Session, below, place, write };
