// Stand-ins for names that are missing in JavaScript: is a test red only because there is nothing yet, or also because nothing works yet?
//
// `SPECBOT_JS_STUBS` holds, one a line, the kind (`nothing`: what is called returns nothing; `raises`: it throws) and what was missing: a function
// (`cut`, `text.cut`), an exported name, or a module as it was asked for. Nothing is written into the tree. Node 18.19 or newer for modules of the
// `import` kind; nothing but Node.
"use strict";

const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL } = require("node:url");

exports.install = function (told, tree) {
  const [kind, ...names] = told.split("\n").filter(Boolean);
  const plain = names.map((name) => name.split(".").pop()).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name));
  for (const name of plain) everywhere(name, standIn(kind, name));
  completeRequire(kind, new Set(names), tree);
  if (Module.register) {
    const hooks = pathToFileURL(path.join(__dirname, "specbot_stubs.mjs"));
    Module.register(hooks, { data: { kind, names, plain, tree: pathToFileURL(tree + path.sep).href } });
  }
};

function standIn(kind, name) {
  const stub = function () {
    if (kind === "raises") throw new Error(`stand-in: ${String(name)}`);
  };
  return Object.defineProperty(stub, "name", { value: String(name) });
}

// What every object answers to is also a global name, a method of every class and a property of every module that was required.
function everywhere(name, stub) {
  if (!(name in Object.prototype)) {
    Object.defineProperty(Object.prototype, name, { value: stub, writable: true, configurable: true, enumerable: false });
  }
}

function completeRequire(kind, wanted, tree) {
  const load = Module._load;
  Module._load = function (request, parent) {
    try {
      return load.apply(this, arguments);
    } catch (fault) {
      const absent = fault && fault.code === "MODULE_NOT_FOUND" && String(fault.message).startsWith(`Cannot find module '${request}'`);
      const ours = parent && parent.filename && parent.filename.startsWith(tree + path.sep);
      if (absent && ours && wanted.has(request)) return answering(kind);
      throw fault;
    }
  };
}

// A module that has every name it is asked for, but for those by which Node itself looks at modules and promises.
function answering(kind) {
  const known = new Map();
  return new Proxy(standIn(kind, "module"), {
    get(module, name) {
      if (typeof name === "symbol" || name in module || name === "then" || name === "__esModule") return module[name];
      if (!known.has(name)) known.set(name, standIn(kind, name));
      return known.get(name);
    },
  });
}
