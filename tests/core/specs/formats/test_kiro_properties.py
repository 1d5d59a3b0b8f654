"""Whatever stands in a Kiro folder: a reading, never an exception, every place inside its file; and no file takes long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import codec
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import kiro
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Position, Reading
from bot.core.specs.source import MAX_BYTES
from tests.core.specs.formats.kiro_writing import CONFIG, FOLDER, PLACE, Files, folder

PIECES = [
    "---\n", "title: x\n", "inclusion: manual\n", "proofs: {'1.1': x}\n", "# Requirements Document\n", "## Requirements\n", "### Requirement 1\n",
    "### 要件2: a\n", "### DR-1: a\n", "#### Acceptance Criteria\n", "### Expected Behavior\n", "### Unchanged Behavior\n", "## Introduction\n", "1. ",
    "2. ", "1.1 ", "2.1 ", "4a. ", "- ", "  ", "\t", "> ", "\n", "\n\n", "WHEN a THEN the system SHALL b", "(accept) ", "```sh verify\n", "```\n",
    "- [ ] 1. a", "- [ ] 1.1 (P) a", "- [x]* 2.1 b", "- [ ] 2. Checkpoint", "- [!] 3. c", "- [ ] d", "### [ ] 4. e", "~~", "**", "_Requirements: 1.1, 9_",
    "_Depends: 1.1_", "_Depends: 2_", "_Boundary: a/b.py_", "**Validates: all**", "`a/b.py`", "## Task Dependency Graph\n", "<!-- ", "-->", "\u200b",
    "\u202e", "\r", "\x0b", "\u2028", "é", "要", "👍", '{"approvals": {"tasks": {}}}', "{", "[", '"tasks"', "===\n",
]  # fmt: skip

hostile_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)
documents = st.sampled_from(["requirements", "bugfix", "tasks", "design", "research", "spec"])
folders = st.dictionaries(documents, hostile_text, max_size=4)


def places(reading: Reading) -> list[Position]:
    found = [finding.position for finding in reading.findings]
    if reading.spec is not None:
        found += [criterion.position for criterion in reading.spec.criteria]
        found += [task.position for task in reading.spec.tasks]
        found += [command.position for criterion in reading.spec.criteria for command in criterion.commands]
        found += [command.position for command in reading.spec.keep]
    return found


def check(files: Files) -> None:
    reading = kiro.read(PLACE, files, CONFIG)
    assert codec.decode(Reading, codec.encode(reading)) == reading
    assert set(reading.files) <= set(files)
    for place in places(reading):
        data = files[place.path]
        lines = data.split(b"\n")
        assert 1 <= place.line <= place.end_line <= max(1, len(lines) - (data.endswith(b"\n") and len(lines) > 1))
        assert 1 <= place.column <= len(lines[place.line - 1].decode("utf-8", "replace")) + 1
    if reading.spec is not None:
        tasks = {task.task_id for task in reading.spec.tasks}
        criteria = {criterion.criterion_id for criterion in reading.spec.criteria}
        assert len(tasks) == len(reading.spec.tasks)
        assert all(tasks.issuperset(task.after) and criteria.issuperset(task.proves) for task in reading.spec.tasks)
    linted = lint(reading, LintContext(frozenset({"a/b.py"}), RepositoryConfig()))
    assert {finding.rule for finding in linted}.isdisjoint({"SB102", "SB103"})
    assert kiro.before(PLACE, reading.spec, files, CONFIG) == reading.spec


@settings(max_examples=200)
@given(folders, hostile_text)
def test_any_texts_give_a_reading_with_places_inside_their_files(texts: dict[str, str], steering: str) -> None:
    files = folder(**{name: text.encode("utf-8", "replace") for name, text in texts.items()})
    check(files | {".kiro/steering/tech.md": steering.encode("utf-8", "replace")} if files else {f"{FOLDER}/x.md": b""})


@settings(max_examples=200)
@given(hostile_text, hostile_text)
def test_any_requirements_and_tasks_give_a_reading(requirements: str, tasks: str) -> None:
    check(folder(requirements=requirements.encode("utf-8", "replace"), tasks=tasks.encode("utf-8", "replace")))


@given(st.dictionaries(documents, st.binary(max_size=100), min_size=1, max_size=6))
def test_any_bytes_give_a_reading(data: dict[str, bytes]) -> None:
    check(folder(**data))


MANY = 9_400
ONE = "### Requirement 1\n#### Acceptance Criteria\n1. a\n"

HOSTILE: dict[str, dict[str, str]] = {
    "requirements": {"requirements": "## Requirements\n" + "### Requirement 1\n" * MANY},
    "items": {"requirements": "### Requirement 1\n" + "1. WHEN a THEN b SHALL\n" * MANY},
    "lines": {"bugfix": "### Expected Behavior\n" + "".join(f"2.{n} WHEN a THEN b\n" for n in range(1, MANY))},
    "lettered": {"requirements": "### Requirement 1\n1. a\n" + "1a. b\n" * MANY},
    "bullets": {"requirements": "### Requirement 1\n#### Acceptance Criteria\n" + "- It shall.\n" * MANY},
    "long heading": {"requirements": "## " + "a" * 900_000},
    "words in a heading": {"requirements": "## " + "a-b " * 220_000},
    "long title": {"requirements": "# requirements " + " " * 900_000 + "x"},
    "parallel tasks": {"requirements": ONE, "tasks": "".join(f"- [ ] 1.{n} (P) x\n" for n in range(1, MANY))},
    "optional tasks": {"requirements": ONE, "tasks": "".join(f"- [ ]* {n}. x\n" for n in range(1, MANY))},
    "one task": {"requirements": ONE, "tasks": "- [ ] 1. x\n" * MANY},
    "deep tasks": {"requirements": ONE, "tasks": "".join(f"- [ ] {n}.1.1.1 x\n" for n in range(1, MANY))},
    "nested boxes": {"requirements": ONE, "tasks": "".join(" " * n + f"- [ ] {n}.1 x\n" for n in range(1, 1_300))},
    "boxes": {"requirements": ONE, "tasks": "- [ ] x\n" * MANY},
    "all": {
        "requirements": "### Requirement 1\n" + "".join(f"{n}. a\n" for n in range(1, 5_000)),
        "tasks": "".join(f"- [ ] {n}. x\n  - _Requirements: all, 1, 1.1-1.5000_\n" for n in range(1, 4_600)),
    },
    "depends on all": {
        "requirements": ONE,
        "tasks": "".join(f"- [ ] {n}. x\n  - _Depends: 1-{n}_\n" for n in range(1, 4_600)),
    },
    "marks": {"requirements": ONE, "tasks": "- [ ] 1. x\n  - " + "_Requirements: " * 60_000},
    "a long mark": {"requirements": ONE, "tasks": "- [ ] 1. x\n  - _Requirements: " + "1.1, " * 180_000},
    "prose in marks": {
        "requirements": ONE,
        "tasks": "- [ ] 1. x\n" + ("  - _Requirements: " + "requirements " * 300 + "_\n") * 240,
    },
    "emphasis": {"requirements": ONE, "tasks": "- [ ] 1. " + "_" * 450_000 + "\n  - _Requirements: " + "*" * 450_000},
    "depends in a title": {"requirements": ONE, "tasks": "- [ ] 1. " + "(depends on 1) " * 60_000},
    "paths in a title": {"requirements": ONE, "tasks": "- [ ] 1. " + "a/b.c " * 160_000},
    "slashes in a title": {"requirements": ONE, "tasks": "- [ ] 1. " + "a/" * 450_000},
    "ticks in a title": {"requirements": ONE, "tasks": "- [ ] 1. " + "`" * 900_000},
    "blanks in a title": {"requirements": ONE, "tasks": "- [ ] 1. x" + " " * 900_000 + "y (P"},
    "a boundary": {"requirements": ONE, "tasks": "- [ ] 1. x\n  - _Boundary: " + "a/b, " * 180_000},
    "blanks": {"requirements": ONE, "tasks": " " * 450_000 + "x\n" + "-" * 450_000 + "x\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_folder_of_a_megabyte_is_read(name: str) -> None:
    """Read quadratically, any of these would run into the test's time limit; how fast it is, the benchmarks say."""
    files = folder(**{document: text.encode()[: MAX_BYTES - 1_000] for document, text in HOSTILE[name].items()})
    reading = kiro.read(PLACE, files, CONFIG)
    assert reading.spec is not None
    assert len(reading.findings) <= 200
    assert sum(len(task.proves) + len(task.after) for task in reading.spec.tasks) < 3_000_000
