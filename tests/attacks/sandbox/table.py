"""`python -m tests.attacks.sandbox.table`: run the attacks and write the plain table of the results, `RESULTS.md` beside this file.

The words of the table are the first paragraph of each test's docstring: the attack — what stops it.
"""

import os
import platform
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

HERE = Path(__file__).parent

ATTACKS = 33

NUMBERED = re.compile(r"test_attack_(\d\d)_")


@dataclass
class Collected:
    """What pytest says of the numbered tests."""

    words: dict[int, str] = field(default_factory=dict)
    outcomes: dict[int, str] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            if match := NUMBERED.match(item.name):
                told = getattr(item, "function", None)
                self.words[int(match[1])] = " ".join((told.__doc__ or "").split())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if match := NUMBERED.match(report.nodeid.rpartition("::")[2]):
            number = int(match[1])
            self.seconds[number] = self.seconds.get(number, 0.0) + report.duration
            if report.failed:
                self.outcomes[number] = "**NOT stopped**" if report.when == "call" else "**could not be tried**"
            elif report.when == "call":
                self.outcomes.setdefault(number, "accepted" if "ACCEPTED" in self.words[number] else "stopped")


def table(collected: Collected) -> str:
    who = "the superuser, boxes under uids of their own" if os.geteuid() == 0 else "a normal user"
    lines = [
        "# The 33 attacks on the box",
        "",
        "Written by `python -m tests.attacks.sandbox.table`; each line is a test of this folder with the same number.",
        f"Run as {who}, Linux {platform.release().split('-')[0]}, {platform.machine()}, Python {platform.python_version()}.",
        "",
        "| # | attack | what stops it | result | seconds |",
        "| --- | --- | --- | --- | --- |",
    ]
    for number in range(1, ATTACKS + 1):
        attack, _, stopped_by = collected.words.get(number, "no test").partition(" — ")
        result = collected.outcomes.get(number, "**not run**")
        lines.append(f"| {number:02} | {attack} | {stopped_by} | {result} | {collected.seconds.get(number, 0.0):.1f} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    collected = Collected()
    status = pytest.main(["-q", "-p", "no:cacheprovider", str(HERE)], plugins=[collected])
    (HERE / "RESULTS.md").write_text(table(collected), encoding="utf-8")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
