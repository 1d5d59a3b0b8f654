"""How much of real `.kiro/specs` folders is read: `python -m tests.measure.kiro FOLDER`, where FOLDER holds `.kiro/specs`.

Beside what the importer found stands what plain patterns count, line by line and without the importer's code. A line that a pattern finds and the
importer neither reads nor tells is lost; a task where no pattern finds one is false. Either makes the exit status 1.
"""

import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import kiro
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Finding, Spec, SpecFormat, SpecTask
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths

CONFIG = RepositoryConfig()

FENCE = re.compile(r"\s*(`{3,}(?![^`]*`)|~{3,})")
BOX = re.compile(r"(?:\s*[-*]|#{1,6})\s*\[[ xX\-~]\]")
TASK = re.compile(r"(?:\s*[-*]|#{1,6})\s*\[[ xX\-~]\]\*?\s+\d+(?:\.\d+)*\*?\.?\s+\S")
REQUIREMENT = re.compile(r"#{2,4}\s+(?:Requirement|要件)\s*(\d+)", re.IGNORECASE)
HEADING = re.compile(r"#{1,6}\s+(.*)")
BEHAVIOR = re.compile(r"#{2,4}\s+(?:Expected|Unchanged) Behavior", re.IGNORECASE)
ITEM = re.compile(r"(?:\d+[.)]|\d+\.\d+[.)]?)\s+\S")
PROVES = re.compile(r"\s*(?:[-*]\s+)?(?:_Requirements:|_要件:|\*\*Validates:|_Validates:)")
DEPENDS = re.compile(r"\s*(?:[-*]\s+)?_Depends:\s*(.*)_")
BOUNDARY = re.compile(r"\s*(?:[-*]\s+)?_Boundary:")
PARALLEL = re.compile(r"\s*[-*]\s*\[[ xX\-~]\]\*?\s+\d+(?:\.\d+)*\*?\.?\s+\(P\)")


@dataclass
class Counts:
    """What the patterns count, what we found, and the lines that are in neither."""

    theirs: Counter[str] = field(default_factory=Counter)
    ours: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    told: list[Finding] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    seconds: float = 0.0
    size: int = 0

    def add(self, other: "Counts") -> None:
        self.theirs.update(other.theirs)
        self.ours.update(other.ours)
        self.kinds.update(other.kinds)
        self.told += other.told
        self.lost += other.lost
        self.false += other.false
        self.seconds += other.seconds
        self.size += other.size

    def rows(self, title: str) -> Iterator[str]:
        yield f"{title}  ({self.size:,} bytes, {self.seconds:.3f} s)"
        for name in dict.fromkeys([*self.theirs, *self.ours]):
            mark = "" if self.theirs[name] == self.ours[name] else "   <-- differs"
            yield f"  {name:44} {self.theirs[name]:6,}  {self.ours[name]:6,}{mark}"
        yield f"  kinds of tasks: {dict(sorted(self.kinds.items()))}"


def unfenced(data: bytes) -> Iterator[tuple[int, str]]:
    """The numbered lines outside of code blocks."""
    fence = ""
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        found = FENCE.match(line)
        if found is None:
            if not fence:
                yield number, line.rstrip("\r")
        elif not fence:
            fence = found[1]
        elif found[1].startswith(fence):
            fence = ""


def criterion_lines(data: bytes) -> Iterator[int]:
    """Numbered lines at the left margin, from a requirement's heading or that of a bugfix's section to the next heading at its level."""
    level = 0
    for number, line in unfenced(data):
        if HEADING.match(line):
            depth = len(line) - len(line.lstrip("#"))
            if REQUIREMENT.match(line) or BEHAVIOR.match(line):
                level = depth
            elif depth <= level:
                level = 0
        elif level and ITEM.match(line):
            yield number


def measured(place: SpecPlace, files: Files) -> Counts:
    """One folder, counted twice."""
    counts = Counts(size=sum(map(len, files.values())))
    started = time.process_time()
    reading = kiro.read(place, files, CONFIG)
    counts.seconds = time.process_time() - started
    counts.told = list(reading.findings)
    told = {(finding.position.path, finding.position.line) for finding in reading.findings}
    if reading.spec is not None:
        _criteria(place, files, reading.spec, counts, told)
        _tasks(place, files, reading.spec, counts, told)
    return counts


def _criteria(place: SpecPlace, files: Files, spec: Spec, counts: Counts, told: set[tuple[str, int]]) -> None:
    found = {(criterion.position.path, criterion.position.line) for criterion in spec.criteria}
    counts.ours["criteria"] = len(spec.criteria)
    for name in ("requirements.md", "bugfix.md"):
        path = f"{place.path}/{name}"
        for line in criterion_lines(files.get(path, b"")):
            counts.theirs["criteria"] += 1
            if (path, line) not in found | told:
                counts.lost.append(f"{path}:{line}: criterion")


def _tasks(place: SpecPlace, files: Files, spec: Spec, counts: Counts, told: set[tuple[str, int]]) -> None:
    path = f"{place.path}/tasks.md"
    lines = list(unfenced(files.get(path, b"")))
    at = {task.position.line: task for task in spec.tasks}
    inside = [(task.position.line, task.position.end_line) for task in spec.tasks]
    told_lines = {line for where, line in told if where == path}
    boxes = [line for line, text in lines if BOX.match(text)]
    numbered = [line for line, text in lines if TASK.match(text)]
    details = [line for line in boxes if line not in at and any(start < line <= end for start, end in inside)]
    counts.theirs["boxes: tasks"] = len(numbered)
    counts.ours["boxes: tasks"] = len(at)
    counts.theirs["boxes: all; ours: tasks, details, told"] = len(boxes)
    counts.ours["boxes: all; ours: tasks, details, told"] = len(set(boxes) & {*at, *details, *told_lines})
    counts.lost += [f"{path}:{line}: box" for line in boxes if line not in {*at, *details, *told_lines}]
    counts.lost += [f"{path}:{line}: task" for line in numbered if line not in {*at, *told_lines}]
    counts.false += [f"{path}:{line}: {task.title[:60]}" for line, task in at.items() if line not in boxes]
    counts.kinds.update(task.kind.value for task in spec.tasks)
    _marks(lines, spec, counts, told_lines, path)


def _marks(lines: list[tuple[int, str]], spec: Spec, counts: Counts, told: set[int], path: str) -> None:
    owner = dict(_owners(lines, spec))
    before = _before(spec.tasks)
    numbers = {str(task.task_id) for task in spec.tasks}
    for line, text in lines:
        task = owner.get(line)
        if PROVES.match(text):
            read = _proves(line, text, task, spec) or line in told
            _count(counts, "_Requirements_", read, f"{path}:{line}: {text}")
        if BOUNDARY.match(text):
            _count(
                counts,
                "_Boundary_",
                (task is not None and text.strip(" -*") in task.details) or line in told,
                f"{path}:{line}: {text}",
            )
        if PARALLEL.match(text):
            _count(
                counts,
                "(P)",
                line in told or any(t.position.line == line and "(P)" not in t.title for t in spec.tasks),
                f"{path}:{line}: {text}",
            )
        for number in re.findall(r"\d+(?:\.\d+)*", found[1]) if (found := DEPENDS.match(text)) is not None else ():
            waits = task is not None and number in numbers and number in before[str(task.task_id)]
            _count(counts, "_Depends_ ids", waits or line in told or number not in numbers, f"{path}:{line}: {text}")


def _proves(line: int, text: str, task: SpecTask | None, spec: Spec) -> bool:
    """True when the task, or one around it, proves something; or when what is named has no criteria: a bug's current behavior, nothing at all."""
    if task is None:
        return False
    around = (one for one in spec.tasks if f"{task.task_id}.".startswith(f"{one.task_id}."))
    holds = any(one.proves for one in around if one.position.line <= line <= one.position.end_line)
    return holds or not any(_has(spec, name) for name in re.findall(r"\d+(?:\.\d+)*", text))


def _has(spec: Spec, name: str) -> bool:
    return any(
        criterion.criterion_id == name or criterion.criterion_id.startswith(f"{name}.") for criterion in spec.criteria
    )


def _count(counts: Counts, name: str, found: bool, where: str) -> None:
    counts.theirs[name] += 1
    counts.ours[name] += found
    if not found:
        counts.lost.append(where)


def _owners(lines: Iterable[tuple[int, str]], spec: Spec) -> Iterator[tuple[int, SpecTask]]:
    """The task that each line stands below."""
    at = {task.position.line: task for task in spec.tasks}
    current: SpecTask | None = None
    for line, _ in lines:
        current = at.get(line, current)
        if current is not None:
            yield line, current


def _before(tasks: Iterable[SpecTask]) -> dict[str, set[str]]:
    """For each task all that is done before it, its group's share included. Raises when they wait for each other."""
    after = {str(task.task_id): [str(other) for other in task.after] for task in tasks}
    done: dict[str, set[str]] = {}
    while len(done) < len(after):
        ready = [
            number for number, others in after.items() if number not in done and all(other in done for other in others)
        ]
        if not ready:
            raise RuntimeError(f"tasks wait for each other: {sorted(set(after) - set(done))}")
        for number in ready:
            done[number] = {name for other in after[number] for name in ({other} | done[other])}
    return done


def read_folders(root: Path) -> Iterator[tuple[SpecPlace, Files]]:
    paths = sorted(path for path in (root / ".kiro").rglob("*") if path.is_file())
    tree = TreePaths.of(str(path.relative_to(root)) for path in paths)
    for folder in sorted({path.split("/")[2] for path in tree.below(".kiro/specs") if path.count("/") > 2}):
        place = SpecPlace(f".kiro/specs/{folder}", SpecFormat.KIRO)
        yield place, {path: (root / path).read_bytes() for path in kiro.wanted(place, tree)}


def main(root: Path) -> int:
    total = Counts()
    say = sys.stdout.write
    for place, files in read_folders(root):
        counts = measured(place, files)
        say("\n".join(counts.rows(place.path)) + "\n")
        for finding in counts.told:
            say(f"  {finding.position.path}:{finding.position.line}: {finding.rule} {finding.message}\n")
        for line in counts.lost:
            say(f"  LOST {line}\n")
        for line in counts.false:
            say(f"  FALSE {line}\n")
        total.add(counts)
    say("\n".join(total.rows("\nIn total")) + "\n")
    rules = Counter(finding.rule for finding in total.told)
    say(f"  told: {dict(sorted(rules.items()))}\n  lost: {len(total.lost)}, false: {len(total.false)}\n")
    return 1 if total.lost or total.false else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
