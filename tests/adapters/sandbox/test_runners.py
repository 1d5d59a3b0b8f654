"""Other runners in real boxes: what they tell, and the canary in them."""

import shutil

import pytest

from bot.core.ports import Environment
from bot.core.proofs.model import Harness
from tests.adapters.sandbox.place import ONE_WORKER, Place, run
from tests.adapters.sandbox.report_lines import lines, outcomes

pytestmark = ONE_WORKER

UNITTEST = {
    "check.py": "import unittest\nclass One(unittest.TestCase):\n    def test_a(self): pass\n"
    "    def test_b(self): self.assertEqual(1, 2)\n    @unittest.skip('later')\n    def test_c(self): pass\n",
    "broken.py": "from nowhere import nothing\n",
}
NODE = {
    "a.test.js": "const { test, describe } = require('node:test');\ntest('one', () => {});\ndescribe('two', () => {\n"
    "  test('three', () => { throw new Error('no'); });\n  test.skip('four', () => {});\n});\n",
    "b.test.mjs": "import { nothing } from './b.mjs';\n",
    "b.mjs": "",
}


def test_unittest_tells_of_its_tests_and_of_the_planted_ones(place: Place, with_pytest: Environment) -> None:
    script = "python -m unittest check broken"
    with place.checkout(UNITTEST) as checkout:
        told = run(place.sandbox, checkout, script, environment=with_pytest, harness=Harness.REPORT)
        planted = run(place.sandbox, checkout, script, environment=with_pytest, harness=Harness.CANARY)
    named = {"check.py::One::test_a": "passed", "check.py::One::test_b": "failed", "check.py::One::test_c": "skipped", "broken.py": "error"}  # fmt: skip
    assert outcomes(told) == named
    assert [line["runner"] for line in lines(told, "session")] == ["unittest"]
    assert [line["exit"] for line in lines(told, "end")] == [1]
    (missing,) = [line for line in lines(told, "test") if line["name"] == "broken.py"]
    assert (missing["exception"], missing["path"], missing["line"]) == ("ModuleNotFoundError", "broken.py", 1)
    assert outcomes(planted) == {**named, "canary": "failed"}


@pytest.mark.skipif(shutil.which("node", path="/usr/local/bin:/usr/bin:/bin") is None, reason="no Node on this machine")
def test_node_tells_of_its_tests_and_of_the_planted_ones(place: Place) -> None:
    with place.checkout(NODE) as checkout:
        told = run(place.sandbox, checkout, "node --test", harness=Harness.REPORT)
        planted = run(place.sandbox, checkout, "node --test", harness=Harness.CANARY)
    named = {"a.test.js::one": "passed", "a.test.js::two::three": "failed", "a.test.js::two::four": "skipped", "b.test.mjs": "error"}  # fmt: skip
    assert outcomes(told) == named
    assert [(line["runner"], line["root"]) for line in lines(told, "session")] == [("node", "/ws")]
    (missing,) = [line for line in lines(told, "test") if line["name"] == "b.test.mjs"]
    assert "does not provide an export named 'nothing'" in missing["message"]
    assert outcomes(planted) == {**named, "canary": "failed"}
    assert [line["name"].rpartition(" ")[2] for line in lines(planted, "test") if "canary_" in line["name"]] == [
        "a.test.js"
    ]
