"""The measure itself: what is read counts the same both ways, and what is not is shown with its line."""

import re
from pathlib import Path

from tests.core.specs.formats.openspec_writing import DELTA, LIFETIME, LIVING, LOCKING, PROPOSAL, delta, living, tree
from tests.measure.openspec import DIFFERS, measure


def measured(folder: Path, files: dict[str, bytes]) -> list[str]:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return list(measure(folder))


def test_what_is_read_counts_the_same_both_ways(tmp_path: Path) -> None:
    tasks = "## 1. A\n- [ ] 1.1 a\n- [x] b\n"
    files = tree(proposal=PROPOSAL, tasks=tasks, delta=delta(added=LIFETIME), living=living(LOCKING))
    files["openspec/changes/archive/2026-01-01-old/proposal.md"] = PROPOSAL.encode()
    files["openspec/changes/archive/2026-01-01-old/specs/login/spec.md"] = delta(modified=LOCKING).encode()
    lines = measured(tmp_path, files)
    assert not [line for line in lines if DIFFERS in line]
    assert [line.split() for line in lines if re.match(r"  scenarios +\d", line)] == [
        ["scenarios", n, n] for n in ("2", "1", "1")
    ]
    (tasks_of_open, *_) = (line.split() for line in lines if line.startswith("  tasks, numbered"))
    assert tasks_of_open == ["tasks,", "numbered", "1", "1"]
    assert "  end-idle-logins                              none" in lines


def test_what_is_not_read_is_shown_with_its_line(tmp_path: Path) -> None:
    text = delta(added=LIFETIME) + "\n## ADDED Requirement\n" + LOCKING
    lines = measured(tmp_path, tree(proposal=PROPOSAL, delta=text, living=living(LOCKING)))
    stray = text.split("\n").index("### Requirement: Locking") + 1
    assert any(line.startswith(f"  warning SB014 {DELTA}:{stray}: ") for line in lines)
    assert not [line for line in lines if LIVING in line]
    assert next(line.split()[-2:] for line in lines if line.startswith("  requirements in no section")) == ["1", "1"]
