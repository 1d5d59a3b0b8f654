"""How much of a real `openspec/` folder is read: `python -m tests.measure.openspec FOLDER`, where FOLDER holds `openspec/`.

Counts with OpenSpec's own patterns, line by line, stand beside what the importer found; then each line that was told, and the verdict on each open
change. Archived changes are read as if they were open and alone, so what they lack in living specs is not told. A heading of a requirement or a
scenario that stands where OpenSpec reads none is counted apart: it is told, or lies in a code block or below a removed requirement.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import openspec
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.openspec.delta import read_delta
from bot.core.specs.formats.openspec.layout import delta_capability
from bot.core.specs.formats.openspec.living import living_spec
from bot.core.specs.formats.openspec.sheet import Sheet
from bot.core.specs.layouts import SpecPlace, places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Finding, Severity, TaskKind
from bot.core.specs.source import Files, open_source
from bot.core.specs.tree import TreePaths

DIFFERS = "<-- differs"
CONFIG = RepositoryConfig()
ARCHIVE = "openspec/changes/archive/"
NEEDS_LIVING_SPEC = frozenset({"SB504", "SB508", "SB507"})
"""Rules that an archived change breaks for want of the living spec that it was written for."""

TASK = re.compile(r"\s*[-*]\s*\[([\sxX])\]\s*(.*)")
NUMBER = re.compile(r"\d+(?:\.\d+)+(?:[A-Za-z]+)?(?=\s|$)")
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
REQUIREMENT = re.compile(r"###\s*Requirement:\s*(.+)", re.IGNORECASE)
SECTION = re.compile(r"##\s+(ADDED|MODIFIED|REMOVED|RENAMED) Requirements\s*$", re.IGNORECASE)
ANY_SECTION = re.compile(r"##\s+")
SCENARIO = re.compile(r"####\s+")
GIVEN = re.compile(r"\s*-\s*\*\*GIVEN\*\*")


@dataclass
class Counts:
    """What their patterns count, what we found of it, and what we found besides."""

    theirs: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    more: Counter[str] = field(default_factory=Counter)
    told: list[Finding] = field(default_factory=list)

    def rows(self, title: str) -> Iterator[str]:
        yield f"\n{title:34} theirs    ours"
        for name in dict.fromkeys([*self.theirs, *self.ours]):
            mark = "" if self.theirs[name] == self.ours[name] else f"   {DIFFERS}"
            yield f"  {name:32} {self.theirs[name]:6,}  {self.ours[name]:6,}{mark}"
        for name, count in self.more.items():
            yield f"  {name:32} {'':6}  {count:6,}"


def unfenced(text: str) -> Iterator[str]:
    """The lines outside of code blocks, as their line mask has it."""
    fence = ""
    for line in text.split("\n"):
        found = FENCE.match(line)
        if not fence and found is None:
            yield line
        elif not fence and found is not None:
            fence = found[1]
        elif found is not None and found[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""


def count_tasks(text: str, counts: Counter[str]) -> None:
    for line in text.split("\n"):
        found = TASK.match(line)
        if found is not None:
            counts["tasks"] += 1
            counts["tasks, numbered"] += NUMBER.match(found[2].strip()) is not None
            counts["tasks, done"] += found[1] in "xX"


def count_elsewhere(path: str, text: str, counts: Counts) -> None:
    """Headings of requirements and scenarios in a delta that are not read as such: in no section, in a code block, below a removed requirement."""
    told = Counter(one.message.split()[4] for one in counts.told if one.rule == "SB014" and one.position.path == path)
    outside = list(unfenced(text))
    for kind, pattern in (("requirement", REQUIREMENT), ("scenario", SCENARIO)):
        section: re.Match[str] | None = None
        for line in outside:
            if ANY_SECTION.match(line):
                section = SECTION.match(line)
            if pattern.match(line) and section is None:
                counts.theirs[f"{kind}s in no section, told"] += 1
            elif pattern.match(line) and section is not None and section[1].upper() == "REMOVED":
                counts.more[f"{kind}s below REMOVED"] += 1
        fenced = sum(bool(pattern.match(one)) for one in text.split("\n")) - sum(map(bool, map(pattern.match, outside)))
        counts.more[f"{kind}s in code blocks"] += fenced
        counts.ours[f"{kind}s in no section, told"] += told[kind]


def count_requirements(text: str, counts: Counter[str], *, delta: bool) -> None:
    inside, block, removed = not delta, False, False
    for line in unfenced(text):
        section = SECTION.match(line)
        if ANY_SECTION.match(line):
            inside, block = section is not None or not delta, False
        if section is not None and delta:
            counts[f"sections {section[1].upper()}"] += 1
            removed = section is not None and section[1].upper() == "REMOVED"
        if inside and REQUIREMENT.match(line):
            counts["requirements"] += 1
            block = not removed
        counts["scenarios"] += block and SCENARIO.match(line) is not None
        counts["GIVENs"] += block and GIVEN.match(line) is not None


def text_of(data: bytes) -> str:
    return data.decode().removeprefix("\ufeff").replace("\r\n", "\n")


def read_one(place: SpecPlace, files: Files, counts: Counts, skip: frozenset[str] = frozenset()) -> None:
    """Count one place both ways."""
    for path, data in files.items():
        if path.endswith("/tasks.md") and place.holds(path):
            counts.theirs["files of tasks"] += 1
            count_tasks(text_of(data), counts.theirs)
        elif place.holds(path) and (delta_capability(path) or path == place.path):
            counts.theirs["files of requirements"] += 1
            count_requirements(text_of(data), counts.theirs, delta=path != place.path)
    reading = openspec.read(place, files, CONFIG)
    counts.told += [finding for finding in reading.findings if finding.rule not in skip]
    for path in reading.files:
        if place.holds(path) and delta_capability(path):
            count_elsewhere(path, text_of(files[path]), counts)
    if reading.spec is None:
        return
    counts.ours["files of tasks"] += any(name.endswith("/tasks.md") for name in reading.files)
    counts.ours["tasks"] += len(reading.spec.tasks)
    counts.ours["tasks, numbered"] += sum(not task.task_id.startswith("t-") for task in reading.spec.tasks)
    counts.ours["tasks, done"] += sum(task.claimed_done for task in reading.spec.tasks)
    counts.more["tasks with tasks below them"] += sum(task.kind is TaskKind.GROUP for task in reading.spec.tasks)
    counts.more["tasks that own paths"] += sum(bool(task.owns) for task in reading.spec.tasks)
    counts.more["criteria"] += len(reading.spec.criteria)
    counts.more["criteria with a clause"] += sum(one.clause is not None for one in reading.spec.criteria)
    for path in reading.files:
        count_ours(path, place, files[path], counts.ours)


def count_ours(path: str, place: SpecPlace, data: bytes, counts: Counter[str]) -> None:
    source, _ = open_source(path, data)
    if source is None or not (delta_capability(path) or path == place.path):
        return
    counts["files of requirements"] += 1
    sheet = Sheet(Page(source))
    if path == place.path:
        blocks = living_spec("x", sheet.page).blocks
    else:
        delta = read_delta(delta_capability(path), sheet)
        counts.update(f"sections {kind.value}" for kind, _ in delta.sections)
        blocks = (*delta.added, *delta.modified)
        counts["requirements"] += len(delta.removed)
    counts["requirements"] += len(blocks)
    counts["scenarios"] += sum(len(block.scenarios) for block in blocks)
    steps = (line for block in blocks for one in block.scenarios for line in one.steps.split("\n"))
    counts["GIVENs"] += sum(line.startswith("GIVEN ") for line in steps)


def lines_of(findings: Iterable[Finding]) -> Iterator[str]:
    for one in findings:
        yield f"  {one.severity.value:7} {one.rule} {one.position.path}:{one.position.line}: {one.message}"


def measure(folder: Path) -> Iterator[str]:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted((folder / "openspec").rglob("*"))
        if path.is_file()
    }
    tree = TreePaths.of(files)
    places = [place for place in places_of(files, CONFIG) if place.path.startswith("openspec/")]
    open_changes, living, archived = Counts(), Counts(), Counts()
    verdicts: list[str] = []
    for place in places:
        wanted = {name: files[name] for name in openspec.wanted(place, tree)}
        counts = living if place.path.startswith("openspec/specs/") else open_changes
        read_one(place, wanted, counts)
        if counts is open_changes:
            verdicts.append(f"  {place.path.rpartition('/')[2]:44} {verdict(place, wanted, tree)}")
    old = {
        f"openspec/changes/{name.removeprefix(ARCHIVE)}": data
        for name, data in files.items()
        if name.startswith(ARCHIVE)
    }
    for place in places_of(old, CONFIG):
        read_one(place, {name: data for name, data in old.items() if place.holds(name)}, archived, NEEDS_LIVING_SPEC)
    for title, counts in (("Open changes", open_changes), ("Archived changes", archived), ("Living specs", living)):
        yield from counts.rows(title)
        yield f"  told: {dict(sorted(Counter(one.rule for one in counts.told).items()))}"
        yield from lines_of(counts.told)
    yield "\nErrors of the open changes, the linter's included:"
    yield from verdicts
    yield f"\n{timed(places, files, tree)}"


def verdict(place: SpecPlace, wanted: Files, tree: TreePaths) -> str:
    found = lint(openspec.read(place, wanted, CONFIG), LintContext(frozenset(tree.paths), CONFIG))
    errors = Counter(one.rule for one in found if one.severity is Severity.ERROR)
    return ", ".join(f"{rule} ×{count}" for rule, count in sorted(errors.items())) or "none"


def timed(places: list[SpecPlace], files: Files, tree: TreePaths) -> str:
    """How long it takes to read every open change and every living spec once, with all that they are held against."""
    started = time.process_time()
    for place in places:
        openspec.read(place, {name: files[name] for name in openspec.wanted(place, tree)}, CONFIG)
    seconds = time.process_time() - started
    return f"{len(places):,} open changes and living specs read in {seconds:.2f} s of processor time"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in measure(Path(sys.argv[1])))
