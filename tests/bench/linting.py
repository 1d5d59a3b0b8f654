"""Linting a repository of a thousand specs, and the largest file allowed in shapes that slow readers stumble over."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.read import format_of
from bot.core.specs.source import MAX_BYTES, MAX_LINES
from tests.bench.measuring import Row, Way, in_turns, times
from tests.core.specs.writing import GOOD

SPECS = 1_000
TURNS = 3

LIBRARIES = """\
import pathlib, sys, yaml
from markdown_it import MarkdownIt
parser = MarkdownIt("commonmark")
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.md")):
    _, front, body = path.read_text().split("---\\n", 2)
    yaml.safe_load(front)
    parser.parse(body)
"""
"""What any linter of such files does at the least: the same two libraries read each file once, and nothing is checked."""

SHAPES: Mapping[str, Callable[[int], str]] = {
    "nested lists": lambda size: "".join(f"{'  ' * (n % 15)}- [ ] T{n:03} a\n" for n in range(_lines(size, 30))),
    "open brackets": lambda size: "## Acceptance criteria\n- **AC-1** " + "[" * size,
    "open comments": lambda size: "<!-- " * (size // 5),
    "backticks": lambda size: "".join("`" * (n % 50 + 1) + "a" for n in range(size // 27)),
    "stars": lambda size: "- " + "**a" * (size // 3),
    "numbered criteria": lambda size: (
        "## Requirements\n### Requirement 1\n#### Acceptance Criteria\n"
        + "".join(f"{n}. WHEN a THEN b SHALL c\n" for n in range(_lines(size, 25)))
    ),
    "parentheses": lambda size: "## Tasks\n- [ ] **T-1** " + "(owns: " * (size // 7),
    "dependencies": lambda size: "- [ ] T001 a (depends on " + "T001, " * (size // 6),
}
"""One million characters of each, or as many lines as are read."""


def _lines(size: int, length: int) -> int:
    """As many lines of a length as may stand in a file, and half of them in half a file."""
    return min(size // length, (MAX_LINES - 10) * size // MAX_BYTES)


FILES = (
    "specs/a.md",
    "specs/001-a/spec.md",
    "specs/001-a/tasks.md",
    ".kiro/specs/a/requirements.md",
    ".kiro/specs/a/tasks.md",
    "openspec/changes/a/proposal.md",
    "openspec/changes/a/tasks.md",
    "openspec/changes/a/specs/b/spec.md",
)
"""Where such a text may stand; the folder's other files are short and good."""


def measure() -> list[Row]:
    return [_repository(), _largest()]


def _repository() -> Row:
    with tempfile.TemporaryDirectory(prefix="specbot-bench-") as folder:
        root = Path(folder)
        (root / ".git").mkdir()
        (root / "specs").mkdir()
        (root / "specs" / "0007-unicode.md").write_text(GOOD.replace("depends:", "# depends:"))
        for number in range(SPECS):
            (root / "specs" / f"{number + 10:04}-cut.md").write_text(GOOD)
        for name in ("src", "tests"):
            (root / name / "text").mkdir(parents=True)
            (root / name / "text" / "test_cut.py").write_text("")
        ours = _processor_seconds([sys.executable, "-m", "bot", "lint"], root)
        theirs = _processor_seconds([sys.executable, "-c", LIBRARIES, str(root)], root)
        taken = in_turns({"ours": ours, "theirs": theirs}, TURNS)
    meaning = f"`specbot lint` on {SPECS:,} specs, start of Python included, in processor time, which one core has to spend; the goal is 2,000 ms"
    return times(
        f"lint of {SPECS:,} specs", taken["ours"], "YAML and Markdown libraries alone", taken["theirs"], meaning
    )


def _processor_seconds(command: list[str], cwd: Path) -> Way:
    """What the command and its children spent on any core; 0 and 1 are both ends of a lint."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def once() -> float:
        before = os.times()
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    return once


def _largest() -> Row:
    """The slowest of all shapes in all places, at the full size and at half of it."""
    worst = max(
        ((_once(shape, path, MAX_BYTES - 1), shape, path) for shape in SHAPES for path in FILES), key=lambda one: one[0]
    )
    _, shape, path = worst
    taken = in_turns(
        {"whole": lambda: _once(shape, path, MAX_BYTES - 1), "half": lambda: _once(shape, path, MAX_BYTES // 2)}, TURNS
    )
    meaning = f"processor time of reading and linting the slowest of {len(SHAPES)} shapes in {len(FILES)} places ({shape} in `{path}`); linear is 2 ×, the goal a second"
    return times("a megabyte of hostile text", taken["whole"], "half of it", taken["half"], meaning)


def _once(shape: str, path: str, size: int) -> float:
    files = dict.fromkeys(FILES, b"# A\n") | {path: SHAPES[shape](size)[:size].encode()}
    config = RepositoryConfig()
    (place,) = places_of([path], config)
    context = LintContext(frozenset(files), config)
    started = time.process_time()
    lint(format_of(place).read(place, files, config), context)
    return time.process_time() - started
