"""Damaged files: each line that looks like a task, a criterion or a mark to a plain expression is read, or told at its line. Nothing raises."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats.foreign import Page
from bot.core.specs.layouts import places_of
from bot.core.specs.model import Reading, Severity
from bot.core.specs.read import format_of
from bot.core.specs.source import open_source
from tests.core.specs.formats import kiro_writing, openspec_writing, speckit_writing
from tests.core.specs.formats.disturbing import disturbed

CONFIG = RepositoryConfig()
_TASK = r"\s*(?:[-*+]|\d{1,6}[.)])\s*\[.{0,3}\]\*?\s*"
MARK = re.compile(r"\s*- (?:_Requirements: |\*\*Validates: )")


@dataclass(frozen=True, slots=True)
class Sample:
    """A folder that is read without a finding; `lines` are the expressions for what may not be lost, by the end of the file's name."""

    files: dict[str, str]
    lines: dict[str, tuple[re.Pattern[str], ...]]


SAMPLES = {
    "spec-kit": Sample(
        {speckit_writing.SPEC: speckit_writing.GOOD_SPEC, speckit_writing.TASKS: speckit_writing.GOOD_TASKS},
        {
            "/spec.md": (
                re.compile(r"[\s>]*(?:[-*+]\s+)?\*\*(?:FR|SC)-\d+\*\*:"),
                re.compile(r"[\s>]*(?:\d+[.)]\s+)?\*\*Given\*\*"),
            ),
            "/tasks.md": (re.compile(rf"[\s>]*{_TASK}T\d{{3,}}\b"),),
        },
    ),
    "kiro": Sample(
        {
            f"{kiro_writing.FOLDER}/requirements.md": kiro_writing.REQUIREMENTS,
            f"{kiro_writing.FOLDER}/tasks.md": kiro_writing.TASKS,
        },
        {
            "/requirements.md": (re.compile(r"[\s>]*\d+\.\s+.*\bSHALL\b", re.ASCII),),
            "/tasks.md": (
                re.compile(rf"[\s>]*{_TASK}\d+\.\d+\s+\S", re.ASCII),
                MARK,
            ),
        },
    ),
    "openspec": Sample(
        {
            "openspec/changes/end-idle-logins/proposal.md": openspec_writing.PROPOSAL,
            openspec_writing.DELTA: openspec_writing.delta(
                added=openspec_writing.LIFETIME + "\n" + openspec_writing.LOCKING
            ),
            "openspec/changes/end-idle-logins/tasks.md": "## 1. Timer\n\n- [ ] 1.1 Add a timer in `auth/timer.py`\n  - [x] 1.1.1 Count\n\n## 2. Rest\n\n- [ ] 2.1 Tell people\n",
        },
        {
            "/spec.md": (re.compile(r"[\s>]*#{1,6}\s*(?:Requirement|Scenario):"),),
            "/tasks.md": (re.compile(rf"[\s>]*{_TASK}\d+\.\d+"),),
        },
    ),
}


def lost(sample: Sample, files: dict[str, str], name: str) -> Iterator[str]:
    """The lines of a file that an expression takes for something, of which the reading neither made anything nor said anything."""
    data = {path: text.encode() for path, text in files.items()}
    (place,) = places_of(data, CONFIG)
    reading = format_of(place).read(place, data, CONFIG)
    source, _ = open_source(name, data[name])
    if source is None or reading.spec is None or any(finding.rule == "SB006" for finding in reading.findings):
        assert reading.blocked
        return
    heard = set(_heard(reading, name))
    twice = any(finding.rule == "SB007" for finding in reading.findings)
    expressions = next(found for end, found in sample.lines.items() if name.endswith(end))
    for number, line in enumerate(Page(source).lines, 1):
        if twice and MARK.match(line):
            continue  # it stands below a task that stands twice, which is an error already
        mention = re.search(r"\b(?:FR|SC)-\d+", line)
        if mention is not None and mention.group() in {one.criterion_id for one in reading.spec.criteria}:
            continue  # a copy somewhere else is a mention
        if number not in heard and any(one.match(line) for one in expressions):
            yield f"{name}:{number}: {line}"


def _heard(reading: Reading, name: str) -> Iterator[int]:
    assert reading.spec is not None
    places = [one.position for one in (*reading.spec.criteria, *reading.spec.tasks, *reading.findings)]
    for place in places:
        assert place.line >= 1
        if place.path == name:
            yield from range(place.line, place.end_line + 1)
    for criterion in reading.spec.criteria:
        if criterion.position.path == name:  # a requirement's heading is heard in its scenarios
            lines = reading.spec.documents[[one.path for one in reading.spec.documents].index(name)].text.split("\n")
            above = range(criterion.position.line, 0, -1)
            yield next((number for number in above if re.match(r"### ?Requirement:", lines[number - 1])), 1)


@pytest.mark.parametrize("name", SAMPLES)
def test_an_undamaged_sample_loses_nothing(name: str) -> None:
    sample = SAMPLES[name]
    for path in sample.files:
        if any(path.endswith(end) for end in sample.lines):
            assert list(lost(sample, sample.files, path)) == []


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.soak) for one in range(1, 40))])
def test_damage_loses_nothing_silently(name: str, seed: int) -> None:
    sample, chance = SAMPLES[name], Random(seed)
    paths = [path for path in sorted(sample.files) if any(path.endswith(end) for end in sample.lines)]
    for _ in range(25):
        path = chance.choice(paths)
        text, ways = disturbed(chance, sample.files[path])
        assert list(lost(sample, {**sample.files, path: text}, path)) == [], ways


def test_an_error_is_an_error_whatever_surrounds_it() -> None:
    sample = SAMPLES["kiro"]
    (place,) = places_of(sample.files, CONFIG)
    files = {path: (text + "\n```\nnever closed").encode() for path, text in sample.files.items()}
    found = format_of(place).read(place, files, CONFIG).findings
    assert {finding.severity for finding in found if finding.rule == "SB006"} == {Severity.ERROR}
