"""What a cheat is: what it does to the checkout, what the criterion runs, and what has to come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from bot.core.ports import Checkout
from bot.core.proofs.model import Verdict

FAILED = frozenset({Verdict.FAILED})
TAMPERED = frozenset({Verdict.TAMPERED})
NO_EVIDENCE = frozenset({Verdict.NO_EVIDENCE})

GREET = 'def greet(name):\n    return "hello"\n'
GOOD = 'def greet(name):\n    return f"hello {name}".strip()\n'
SCRIPT = "#!/bin/sh\nset -e\nsed -n 's/^motto=//p' motto.txt | grep -q '^say hello$'\n"
TESTS = """\
import pytest
from greet import greet


def test_nobody():
    assert greet("").strip() == "hello"


def test_by_name():
    assert greet("Ada") == "hello Ada"


@pytest.mark.parametrize("name", ["Grace", "Linus"])
def test_others(name):
    assert greet(name).split() == ["hello", name]


def test_width():
    assert len(greet("Ada")) == pytest.approx(9, abs=0.5)
"""
CASES = (
    "import unittest\nfrom greet import greet\n\n\nclass Greet(unittest.TestCase):\n"
    "    def test_by_name(self):\n        self.assertEqual(greet('Ada'), 'hello Ada')\n"
)
OWN_RUNNER = (
    "import sys\nfrom greet import greet\n\nred = greet('Ada') != 'hello Ada'\nwith open('report.xml', 'w') as file:\n"
    "    fault = '<failure message=\"no name\"/>' if red else ''\n"
    '    file.write(f\'<testsuite><testcase classname="greet" name="by_name">{fault}</testcase></testsuite>\')\nsys.exit(red)\n'
)
SCRIPT_TEST = (
    "const { test } = require('node:test');\nconst assert = require('node:assert');\nconst { greet } = require('../greet.js');\n"
    "test('by name', () => assert.strictEqual(greet('Ada'), 'hello Ada'));\n"
)
BASE = {
    ".github/specbot.yml": "environment:\n  requirements: [pytest]\n",
    "README.md": "# greet\n",
    "greet.py": GREET,
    "greet.js": "exports.greet = (name) => 'hello';\n",
    ".gitignore": "hidden.py\n",
    "motto.txt": "motto=say nothing\n",
    "tests/test_greet.py": TESTS,
    "tests/test_first.py": "from greet import greet\n\n\ndef test_there():\n    assert greet\n",
    "tests/cases.py": CASES,
    "tests/own_runner.py": OWN_RUNNER,
    "tests/greet.test.js": SCRIPT_TEST,
    "scripts/check.sh": SCRIPT,
    "Makefile": "check:\n\tsh scripts/check.sh\n",
    "package.json": '{\n  "name": "greet",\n  "scripts": {\n    "check": "node tests/greet.test.js"\n  }\n}\n',
}

PYTEST = "python -m pytest -q -p no:cacheprovider tests/test_greet.py"
PYTHON = "python3 -c \"from greet import greet; assert greet('Ada') == 'hello Ada'\""
BOTH = "python -m pytest -q -p no:cacheprovider tests/test_first.py tests/test_greet.py"
UNITTEST = "python3 -m unittest tests/cases.py"
JUNIT = "PYTHONPATH=$PYTHONPATH:. python3 tests/own_runner.py --junitxml=report.xml"
NODE_TEST = "node --test tests/greet.test.js"
NODE = "node -e \"require('assert').strictEqual(require('./greet.js').greet('Ada'), 'hello Ada')\""
NPM = "npm run --silent check"
SHELL = "sh scripts/check.sh"
MAKE = "make check"
WITH_NODE = (NODE_TEST, NODE, NPM)
CONTRACT = ""
"""The criterion has no command of its own, and a locked contract instead."""

CONTRACT_PATH = "tests/contracts/test_greet_ac_1.py"
CONTRACT_TEST = 'from greet import greet\n\n\ndef test_by_name():\n    assert greet("Ada") == "hello Ada"\n'


@dataclass(frozen=True)
class Desk:
    """What an agent's deed works on: files of its checkout, and commands in its box."""

    checkout: Checkout
    write: Callable[[str, str], None]
    run: Callable[[str], None]


Deed = Callable[[Desk], None]


def create(path: str, content: str) -> Deed:
    return partial(_create, path, content)


def sh(script: str) -> Deed:
    return partial(_sh, script)


def edit(path: str, old: str, new: str) -> Deed:
    """One replacement in a file of the base."""
    assert old in BASE[path], (path, old)
    return create(path, BASE[path].replace(old, new))


def _create(path: str, content: str, desk: Desk) -> None:
    desk.write(path, content)


def _sh(script: str, desk: Desk) -> None:
    desk.run(script)


class Without(StrEnum):
    """What becomes of a cheat with every tamper rule switched off and nothing put back; as the table says it."""

    NOT_GREEN = "not green"
    ONLY_THE_RULE = "**green**: only the rule stops it"
    NOTHING = "**green, with all rules too**"


@dataclass(frozen=True)
class Cheat:
    """`way` and `stopped_by` are the words of the table. `rules` are the tamper rules that speak, notes apart. `verdicts`: one of them it is without
    them; where it is green then, `without` says so. `put_back`: part of it is undone before anything is judged. `soon`: seconds that a proof gets,
    instead of those of the product."""

    name: str
    way: str
    stopped_by: str
    deeds: tuple[Deed, ...]
    verdicts: frozenset[Verdict] = FAILED
    rules: tuple[str, ...] = ()
    verify: str = PYTEST
    without: Without = Without.NOT_GREEN
    put_back: bool = False
    soon: float | None = None
