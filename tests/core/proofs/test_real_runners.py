"""The rules against other runners than pytest, and against reds that are only missing names: real runs, all the way to the verdict."""

import os
import shutil

import pytest

from bot.core.proofs.model import Verdict
from tests.core.proofs.test_real_runs import PYTEST, Runs

NODE = pytest.mark.skipif(shutil.which("node", path=os.defpath) is None, reason="no Node on this machine")

EMPTY = {"text.py": ""}
BEFORE = {"text.py": "def cut(text, limit):\n    return text\n"}
GOOD = {"text.py": "def cut(text, limit):\n    return text[:limit].strip()\n"}
UNITTEST = "python -m unittest tests.check_cut"
CHECKS = {
    "tests/check_cut.py": "import unittest\nfrom text import cut\nclass Cut(unittest.TestCase):\n"
    "    def test_cut(self):\n        self.assertEqual(cut('ab c', 3), 'ab')\n    def test_short(self):\n        self.assertEqual(cut('a', 3), 'a')\n"
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    return Runs(tmp_path_factory.mktemp("runners"))


@pytest.mark.parametrize(
    ("base", "test", "verdict"),
    [
        (EMPTY, "assert cut('ab c', 3) == 'ab'", Verdict.PROVEN),
        (EMPTY, "assert callable(cut)", Verdict.VACUOUS),
        ({"other.py": ""}, "import pytest\n    with pytest.raises(Exception):\n        cut()", Verdict.VACUOUS),
    ],
    ids=["what it does", "that it is there", "that a new module raises something"],
)
def test_red_for_a_missing_name_must_stay_red_with_a_stand_in(
    runs: Runs, base: dict[str, str], test: str, verdict: Verdict
) -> None:
    files = {"tests/test_cut.py": "", "tests/test_new.py": f"def test_new():\n    from text import cut\n    {test}\n"}
    found = runs.proven(base | files, GOOD | files, f"{PYTEST} tests/test_new.py")
    assert found.verdict is verdict, found
    assert len(found.shown[0].stubbed) == 2


def test_a_plain_command_has_stand_ins_too(runs: Runs) -> None:
    assert runs.proven(EMPTY, GOOD, "python -c 'import text; text.cut'").verdict is Verdict.VACUOUS
    shown = runs.proven(EMPTY, GOOD, 'python -c \'import text; assert text.cut("ab c", 3) == "ab"\'')
    assert shown.verdict is Verdict.PROVEN, shown


def test_unittest_names_its_tests(runs: Runs) -> None:
    found = runs.proven(BEFORE | CHECKS, GOOD | CHECKS, UNITTEST)
    assert found.verdict is Verdict.PROVEN, found
    assert "1 of 2 tests failed: `tests/check_cut.py::Cut::test_cut`" in found.reasons[0]


UNITTEST_CHEATS = {
    "exit when imported": "import os\nos._exit(0)\n",
    "polite exit when imported": "raise SystemExit(0)\n",
    "no test is run": "import unittest\nunittest.TestCase.run = lambda self, result=None: None\n",
    "every test is a success": "import unittest\nunittest.TestCase.run = lambda self, result=None: result.addSuccess(self)\n",
    "no assertion is made": "import unittest\nunittest.TestCase.assertEqual = lambda *all: None\n",
    "no failure is heard": "import unittest\nunittest.TestResult.addFailure = lambda *all: None\nunittest.TextTestResult.addFailure = lambda *all: None\n",
    "always successful": "import unittest\nunittest.TestResult.wasSuccessful = lambda self: True\n",
    "a runner of its own": "import unittest\nunittest.TextTestRunner.run = lambda self, suite: unittest.TestResult()\n",
}


@pytest.mark.parametrize("cheat", UNITTEST_CHEATS)
def test_no_cheat_of_unittest_is_green(runs: Runs, cheat: str) -> None:
    found = runs.proven(BEFORE | CHECKS, {"text.py": UNITTEST_CHEATS[cheat] + BEFORE["text.py"]} | CHECKS, UNITTEST)
    assert not found.verdict.done, found


JS_BEFORE = {"text.js": "exports.cut = (text, limit) => text;\n"}
JS_GOOD = {"text.js": "exports.cut = (text, limit) => text.slice(0, limit).trim();\n"}
JS_TEST = {
    "tests/cut.test.js": "const { test } = require('node:test');\nconst assert = require('node:assert');\nconst { cut } = require('../text.js');\n"
    "test('long', () => assert.strictEqual(cut('ab c', 3), 'ab'));\ntest('short', () => assert.strictEqual(cut('a', 3), 'a'));\n"
}
NODE_TEST = "node --test tests/"
NODE_PLAIN = "node -e \"require('assert').strictEqual(require('./text.js').cut('ab c', 3), 'ab')\""


@NODE
@pytest.mark.parametrize(
    "script",
    [NODE_TEST, "node --test --test-reporter=tap tests/", NODE_PLAIN, "node --test-name-pattern=long --test tests/"],
)
def test_node_is_proven(runs: Runs, script: str) -> None:
    found = runs.proven(JS_BEFORE | JS_TEST, JS_GOOD | JS_TEST, script)
    assert found.verdict is Verdict.PROVEN, found
    assert script == NODE_PLAIN or "`tests/cut.test.js::long`" in found.reasons[0]


MAKEFILE = {"Makefile": "test:\n\tnode --test tests/\n", "package.json": '{"scripts": {"test": "node --test tests/"}}'}


@NODE
@pytest.mark.parametrize("script", ["make test", "npm test"])
def test_a_runner_behind_another_program_names_its_tests(runs: Runs, script: str) -> None:
    found = runs.proven(JS_BEFORE | JS_TEST | MAKEFILE, JS_GOOD | JS_TEST | MAKEFILE, script)
    assert found.verdict is Verdict.PROVEN, found
    assert "`tests/cut.test.js::long`" in found.reasons[0]
    assert found.reasons[2].startswith("canary held: the planted test")


REQUIRED = {"a": "const text = require('../text.js');\n", "b": "const { cut } = require('../text.js');\n", "c": "const { cut } = require('../new.js');\n"}  # fmt: skip
IMPORTED = {"d": "import { cut } from '../text.mjs';\n", "e": "import * as text from '../text.mjs';\n", "f": "import { cut, short } from '../new.mjs';\n"}  # fmt: skip
NEW = {
    **dict.fromkeys(("text.js", "new.js"), "exports.cut = (text, limit) => text.slice(0, limit).trim();\n"),
    **dict.fromkeys(("text.mjs", "new.mjs"), "export const cut = (text, limit) => text.slice(0, limit).trim();\nexport const short = 3;\n"),
}  # fmt: skip
DOES = ("strictEqual(CUT('ab c', 3), 'ab')", Verdict.PROVEN)
IS_THERE = ("doesNotThrow(() => CUT('ab c', 3))", Verdict.VACUOUS)
SOON = {("b", Verdict.VACUOUS), ("d", Verdict.PROVEN), ("f", Verdict.VACUOUS)}
"""One of each kind; the others differ in the words of an import."""
OLD = {"text.js": "exports.other = 1;\n", "text.mjs": "export const other = 1;\n"}


@NODE
@pytest.mark.parametrize(
    ("way", "check", "verdict"),
    [
        pytest.param(
            way, check, verdict, marks=() if (way, verdict) in SOON else pytest.mark.soak, id=f"{way} {verdict}"
        )
        for way in (*REQUIRED, *IMPORTED)
        for check, verdict in (DOES, IS_THERE)
    ],
)
def test_javascript_that_lacks_a_name_must_stay_red_with_a_stand_in(
    runs: Runs, way: str, check: str, verdict: Verdict
) -> None:
    imports = way in IMPORTED
    first = "import assert from 'node:assert';\nimport { test } from 'node:test';\n" if imports else "const assert = require('node:assert');\nconst { test } = require('node:test');\n"  # fmt: skip
    called = check.replace("CUT", "text.cut" if way in ("a", "e") else "cut")
    file = f"tests/new.test.{'mjs' if imports else 'js'}"
    files = {file: f"{first}{(REQUIRED | IMPORTED)[way]}test('cuts', () => {{ assert.{called}; }});\n"}
    found = runs.proven(OLD | files, OLD | NEW | files, f"node --test {file}")
    assert found.verdict is verdict, found
    assert len(found.shown[0].stubbed) >= 2
    assert not any("was not tried" in reason for reason in found.reasons)


@NODE
def test_a_plain_node_has_stand_ins_too(runs: Runs) -> None:
    assert runs.proven(OLD, OLD | NEW, "node -e \"require('./text.js').cut('ab', 3)\"").verdict is Verdict.VACUOUS
    shown = runs.proven(
        OLD, OLD | NEW, "node -e \"require('assert').equal(require('./text.js').cut('ab c', 3), 'ab')\""
    )
    assert shown.verdict is Verdict.PROVEN, shown


@NODE
def test_a_trusted_test_that_node_cannot_read_is_no_evidence(runs: Runs) -> None:
    files = {"tests/new.test.js": "const { cut } = require('../text.js'\n"}
    found = runs.proven(OLD | files, OLD | NEW | files, "node --test tests/new.test.js")
    assert found.verdict is Verdict.NO_EVIDENCE
    assert "cannot be read as a program" in found.reasons[0]


JS_CHEATS = {
    "exit when imported": "process.exit(0);\n",
    "real exit when imported": "process.reallyExit(0);\n",
    "no assertion is made": "require('node:assert').strictEqual = () => {};\n",
    "a runner of its own": "require('node:test').test = () => {};\n",
    "a status of its own": "process.on('exit', () => { process.exitCode = 0; });\n",
    "every throw is swallowed": "process.on('uncaughtException', () => {});\n",
}


@NODE
@pytest.mark.parametrize("script", [NODE_TEST, NODE_PLAIN], ids=["node:test", "plain"])
@pytest.mark.parametrize("cheat", JS_CHEATS)
def test_no_cheat_of_javascript_is_green(runs: Runs, cheat: str, script: str) -> None:
    found = runs.proven(JS_BEFORE | JS_TEST, {"text.js": JS_CHEATS[cheat] + JS_BEFORE["text.js"]} | JS_TEST, script)
    assert not found.verdict.done, found
