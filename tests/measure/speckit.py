"""`python -m tests.measure.speckit FOLDER`: what the spec-kit importer finds in a checkout, against counts made by plain expressions.

FOLDER holds `specs/NNN-slug/…`. Prints one column a feature and the total, each line that was not understood, and the time of it all. A line that
an expression finds and the importer neither reads nor tells is lost, a task where no expression finds one is false: either makes the exit status 1.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import speckit
from bot.core.specs.formats.foreign import Page
from bot.core.specs.formats.speckit.roll import Roll
from bot.core.specs.formats.speckit.sayings import Listener
from bot.core.specs.formats.speckit.task_lines import joined_lines, parts, read_phases
from bot.core.specs.layouts import SpecPlace, places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Finding, Reading, Spec, SpecFormat
from bot.core.specs.rules import foreign, reading, structure
from bot.core.specs.source import open_source
from bot.core.specs.tree import TreePaths

BOX = re.compile(r"^\s*[-*]\s*\[([ xX\-~])\]\s+(?:T\d{3,}[a-z]?)\b(.*)$", re.MULTILINE)
STRICT = re.compile(r"^\s*[-*]\s*\[([ xX\-~])\]\s+(T\d{3,})\b", re.MULTILINE)
ANY_BOX = re.compile(r"^\s*[-*]\s*\[([ xX\-~])\]", re.MULTILINE)
LEGEND = re.compile(r"^\s*[-*]\s*\[P\]", re.MULTILINE)
PLAIN_STORY = re.compile(r"\[US\d+\]")
NAMED_PATH = re.compile(r"[\w.\-\[\]()]+/[\w./\-\[\]()*]*(?:\.\w+|/)")
BOLD_FR = re.compile(r"^- \*\*FR-\d+", re.MULTILINE)
BOLD_SC = re.compile(r"^- \*\*SC-\d+", re.MULTILINE)
ROW_FR = re.compile(r"^\| *FR-\d+", re.MULTILINE)
ROW_SC = re.compile(r"^\| *SC-\d+", re.MULTILINE)
LONG_STORY = re.compile(r"^### User Story ", re.MULTILINE)
SHORT_STORY = re.compile(r"^### US-\d+", re.MULTILINE)
LISTED_GIVEN = re.compile(r"^\d+\. \*\*Given\*\*", re.MULTILINE)
LOOSE_GIVEN = re.compile(r"^\*\*Given\*\*", re.MULTILINE)
ORDER_WORD = re.compile(
    r"\bdepends?\b|\bblocks\b|\bblocked\b|\bafter\b|\bbefore\b|\bonce\b|\brequires\b|→|->", re.IGNORECASE
)
NAMED = re.compile(r"\bT\d{3}|\bPhases? \d|\bUS-?\d|\bUser Stor(?:y|ies)\b|\bFoundational\b|\bPolish\b")
TOLD = (foreign.TASK_NOT_UNDERSTOOD, foreign.NOT_UNDERSTOOD, foreign.DANGLING, reading.STRAY_CRITERION, structure.CYCLE)


@dataclass(frozen=True, slots=True)
class Counts:
    """One feature's figures: ours, and those of the expressions, by name and in the order in which they are printed."""

    name: str
    figures: Mapping[str, int]


def main(folder: str) -> int:
    root = Path(folder)
    tree = TreePaths.of(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    places = [place for place in places_of(tree.paths, RepositoryConfig()) if place.format is SpecFormat.SPECKIT]
    started = time.process_time()
    readings = [_read(root, place, tree) for place in places]
    seconds = time.process_time() - started
    features = [_counts(root, one) for one in readings if one.spec is not None]
    told = {rule.rule_id for rule in TOLD}
    lines = [*_table(features), ""]
    lines += [_line(finding) for one in readings for finding in one.findings if finding.rule in told]
    silent = [line for one in readings if one.spec is not None for line in _silent(root, one, one.spec)]
    lines += ["", *silent]
    context = LintContext(frozenset(tree.paths), RepositoryConfig())
    rules = Counter((f.rule, f.severity.value) for one in readings for f in lint(one, context))
    lines += ["", *(f"{rule} {severity:8} {count:5}" for (rule, severity), count in sorted(rules.items()))]
    size = sum(len(document.text) for one in readings if one.spec is not None for document in one.spec.documents)
    lines += ["", f"{len(places)} folders, {size:,} characters, read in {seconds:.2f} s of processor time"]
    lines += [f"lost or false: {len(silent)}", ""]
    sys.stdout.write("\n".join(lines))
    return 1 if silent else 0


def _read(root: Path, place: SpecPlace, tree: TreePaths) -> Reading:
    files = {name: (root / name).read_bytes() for name in speckit.wanted(place, tree)}
    return speckit.read(place, files, RepositoryConfig())


def _line(finding: Finding) -> str:
    place = finding.position
    return f"{place.path}:{place.line}: {finding.rule} {finding.severity.value}: {finding.message}"


def _text(root: Path, spec: Spec, name: str) -> str:
    path = root / spec.path / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _counts(root: Path, one: Reading) -> Counts:
    spec = one.spec
    assert spec is not None
    tasks, main_text = _text(root, spec, "tasks.md"), _text(root, spec, "spec.md")
    boxes = list(BOX.finditer(tasks))
    ids = Counter(str(c.criterion_id).partition("-")[0] for c in spec.criteria if "-" in c.criterion_id)
    scenarios = [c for c in spec.criteria if "." in c.criterion_id]
    figures = {
        "boxes in tasks.md": len(ANY_BOX.findall(tasks)),
        "boxes with T and three digits": len(STRICT.findall(tasks)),
        "boxes with an id": len(boxes),
        "legend lines `- [P] …`, no boxes": len(LEGEND.findall(tasks)),
        "TASKS": len(spec.tasks),
        "[P] in the file": sum("[P]" in box[2] for box in boxes),
        "[USn] in the file": sum(re.search(r"\[US", box[2]) is not None for box in boxes),
        "of those `[US1+US2]`, `[US5a]`": sum("[US" in box[2] and not PLAIN_STORY.search(box[2]) for box in boxes),
        "PROVE SOMETHING": sum(bool(task.proves) for task in spec.tasks),
        "name a path, by expression": sum(NAMED_PATH.search(box[2]) is not None for box in boxes),
        "OWN A PATH": sum(bool(task.owns) for task in spec.tasks),
        "open": sum(box[1] == " " for box in boxes),
        "X": sum(box[1] == "X" for box in boxes),
        "x": sum(box[1] == "x" for box in boxes),
        "-": sum(box[1] == "-" for box in boxes),
        "CLAIMED DONE": sum(task.claimed_done for task in spec.tasks),
        "SKIPPED": sum(task.skipped for task in spec.tasks),
        "FR in lists": len(BOLD_FR.findall(main_text)),
        "FR in tables": len(ROW_FR.findall(main_text)),
        "FR": ids["FR"],
        "SC in lists": len(BOLD_SC.findall(main_text)),
        "SC in tables": len(ROW_SC.findall(main_text)),
        "SC": ids["SC"],
        "stories `User Story n`": len(LONG_STORY.findall(main_text)),
        "stories `US-n`": len(SHORT_STORY.findall(main_text)),
        "STORIES WITH SCENARIOS": len({str(c.criterion_id).partition(".")[0] for c in scenarios}),
        "Given in lists": len(LISTED_GIVEN.findall(main_text)),
        "Given in paragraphs": len(LOOSE_GIVEN.findall(main_text)),
        "SCENARIOS": len(scenarios),
        "CRITERIA": len(spec.criteria),
        "lines about order, by expression": len(set(_lines_about_order("", tasks))) if tasks else 0,
        "LINES HEARD": len(heard_lines("", tasks)) if tasks else 0,
        "WAITS": sum(len(task.after) for task in spec.tasks),
        "MAY START AT ONCE": sum(not task.after for task in spec.tasks),
    }
    return Counts(spec.path.rpartition("/")[2], figures)


def _silent(root: Path, one: Reading, spec: Spec) -> Iterator[str]:
    """Lines that the expressions take for a task, a criterion or a dependency, of which the importer made nothing and said nothing."""
    told = {(finding.position.path, finding.position.line) for finding in one.findings}
    places = [c.position for c in spec.criteria] + [t.position for t in spec.tasks]
    taken = {(place.path, line) for place in places for line in range(place.line, place.end_line + 1)} | told
    main_path, tasks_path = f"{spec.path}/spec.md", f"{spec.path}/tasks.md"
    for expression in (BOLD_FR, BOLD_SC, ROW_FR, ROW_SC, LISTED_GIVEN, LOOSE_GIVEN):
        yield from _missing(_text(root, spec, "spec.md"), main_path, expression, taken, "no criterion")
    tasks = _text(root, spec, "tasks.md")
    yield from _missing(tasks, tasks_path, ANY_BOX, taken, "no task")
    boxes = {tasks.count("\n", 0, box.start() + 1) + 1 for box in BOX.finditer(tasks)}
    yield from (f"{tasks_path}:{t.position.line}: false task" for t in spec.tasks if t.position.line not in boxes)
    if tasks:
        heard = {(tasks_path, line) for line in heard_lines(tasks_path, tasks)} | told
        for number in sorted(set(_lines_about_order(tasks_path, tasks))):
            if (tasks_path, number) not in heard:
                yield f"{tasks_path}:{number}: nothing heard: {tasks.splitlines()[number - 1].strip()[:110]}"


def _missing(
    text: str, path: str, expression: re.Pattern[str], taken: set[tuple[str, int]], what: str
) -> Iterator[str]:
    for found in expression.finditer(text):
        line = text.count("\n", 0, found.end()) + 1
        if (path, line) not in taken:
            yield f"{path}:{line}: {what}: {text.splitlines()[line - 1][:110]}"


def heard_lines(path: str, text: str) -> set[int]:
    """The lines of a task list from which a dependency was taken over."""
    source, _ = open_source(path, text.encode())
    assert source is not None
    page = Page(source)
    cut = parts(page)
    phases, _ = read_phases(page, cut)
    listener = Listener(page, Roll(phases))
    for phase in phases:
        listener.phase(phase, phase.title)
    for part in cut:
        if part.is_about_order:
            listener.section(part)
    return {one.position.line for one in listener.heard}


def _lines_about_order(path: str, text: str) -> Iterator[int]:
    """Lines of prose and tables in sections about dependencies that hold a word for an order and name something."""
    source, _ = open_source(path, text.encode())
    assert source is not None
    page = Page(source)
    for part in parts(page):
        if part.is_about_order:
            rows = [(number, page.lines[number - 1]) for number in range(part.line + 1, part.end + 1)]
            tabled = [(number, line) for number, line in rows if line.lstrip().startswith("|")]
            for number, line in (*joined_lines(rows), *tabled):
                if ORDER_WORD.search(line) and NAMED.search(line):
                    yield number


def _table(features: list[Counts]) -> Iterator[str]:
    """Figures down, features across; capitals are what the importer found."""
    names = [one.name[:7] for one in features]
    yield f"{'':34}" + "".join(f"{name:>9}" for name in [*names, "total"])
    for label in features[0].figures if features else ():
        values = [one.figures[label] for one in features]
        yield f"{label:34}" + "".join(f"{value:>9}" for value in [*values, sum(values)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
