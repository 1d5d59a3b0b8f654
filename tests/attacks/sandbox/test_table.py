"""The list is complete: 33 attacks, 33 tests, 33 lines."""

import re
from pathlib import Path

from tests.attacks.sandbox.table import ATTACKS

HERE = Path(__file__).parent


def test_each_attack_has_one_test_and_one_line() -> None:
    tests = [
        int(number)
        for path in HERE.glob("test_*.py")
        for number in re.findall(r"^def test_attack_(\d\d)_", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    lines = re.findall(r"^\| (\d\d) \|", (HERE / "RESULTS.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(tests) == list(range(1, ATTACKS + 1))
    assert [int(line) for line in lines] == list(range(1, ATTACKS + 1))
