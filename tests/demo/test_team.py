"""The second act's material is honest: the sample works as it is, its tasks know nothing of each other, and the recording is of this spec."""

import json
import re
from collections import Counter
from itertools import combinations
from pathlib import Path

from bot.adapters.model.recording import Turn, read_recording
from bot.core.patterns import path_patterns
from bot.core.policy.configuration import read_configuration
from bot.core.proofs.trusted import trusted_paths
from bot.core.specs.layouts import places_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import ProofKind, Spec
from bot.core.specs.read import format_of
from bot.core.specs.tree import TreePaths
from bot.core.steady import steady
from bot.demo.material import TEAM_SPEC, team
from bot.demo.model import RECORDINGS
from tests.demo.test_sample import run_pytest

PIECES = ("T-1", "T-2", "T-3", "T-4", "T-5", "T-6")
JOIN = "T-7"
LISTING = {"ls", "find", "tree", "grep", "rg", "du", "git"}
"""Commands that show one agent what others have merged meanwhile; a recording of it would fit only one order of merging."""


def test_the_sample_is_green_and_what_its_pull_request_asks_is_red(tmp_path: Path) -> None:
    files = {**team().files, **team().added}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    failed, summary = run_pytest(tmp_path, "--continue-on-collection-errors")
    assert summary == "6 failed, 22 passed, 6 errors"
    assert {line.split()[1].split("::")[0] for line in failed} == {
        f"tests/month/test_{name}.py" for name in ("console", "extremes", "rain", "wind", "gaps", "table", "page")
    }


def test_the_pull_request_adds_and_changes_nothing_of_the_sample() -> None:
    assert not set(team().files) & set(team().added)
    assert TEAM_SPEC in team().added
    assert not [name for name in (*team().files, *team().added) if "__pycache__" in name or name.endswith(".pyc")]


def test_the_spec_has_nothing_for_the_linter_to_say() -> None:
    files = {**team().files, **team().added}
    config = read_configuration(files[".github/specbot.yml"], files[".github/specbot.yml"])
    (place,) = [place for place in places_of(files, config) if place.path == TEAM_SPEC]
    reader = format_of(place)
    reading = reader.read(place, {n: files[n] for n in reader.wanted(place, TreePaths.of(files))}, config)
    assert lint(reading, LintContext(frozenset(files), config)) == ()


def test_six_tasks_wait_for_nobody_and_one_for_them_all() -> None:
    tasks = {task.task_id: task for task in spec().tasks}
    assert tuple(tasks) == (*PIECES, JOIN)
    assert {name: task.after for name, task in tasks.items()} == {**dict.fromkeys(PIECES, ()), JOIN: PIECES}
    assert [task.proves for task in tasks.values()] == [(f"AC-{number}",) for number in range(1, 8)]
    assert {criterion.kind for criterion in spec().criteria} == {ProofKind.CHANGE}
    for one, other in combinations(tasks.values(), 2):
        assert not set(one.owns) & set(other.owns)


def test_the_recording_has_each_task_once_and_a_reviewer() -> None:
    turns = recorded()
    lengths = Counter((turn.role, turn.task) for turn in turns)
    assert set(lengths) == {*(("implementer", name) for name in (*PIECES, JOIN)), ("reviewer", "candidate")}
    for (role, task), length in lengths.items():
        assert [Turn(role, task, number) in turns for number in range(1, length + 1)] == [True] * length
        last = turns[Turn(role, task, length)].answer.calls
        assert [call.name for call in last] == ["finish"]


def test_each_turn_follows_from_the_calls_before_it() -> None:
    turns = recorded()
    for turn, recorded_turn in turns.items():
        before = turns.get(Turn(turn.role, turn.task, turn.number - 1))
        assert [result.tool for result in recorded_turn.after] == [
            call.name for call in (before.answer.calls if before else ())
        ]
        assert all(steady(result.result) == result.result for result in recorded_turn.after)


def test_each_agent_writes_what_its_task_owns_and_nothing_else() -> None:
    trusted = trusted_paths(())
    for task in spec().tasks:
        owns = path_patterns(task.owns)
        written = {
            str(call.arguments["path"])
            for turn, one in recorded().items()
            if turn.task == task.task_id
            for call in one.answer.calls
            if call.name in ("create", "edit") and isinstance(call.arguments, dict)
        }
        assert written, task.task_id
        assert all(owns.matches(path) and not trusted.covers(path) for path in written)


def test_the_six_never_look_where_the_others_write() -> None:
    """They start at different moments, some of them after others were merged; what they see must not depend on that."""
    own = {task.task_id: task.owns[0].removeprefix("weatherlog/").removesuffix(".py") for task in spec().tasks}
    for turn, one in recorded().items():
        if turn.task not in PIECES:
            continue
        calls = [call.arguments for call in one.answer.calls if isinstance(call.arguments, dict)]
        words = {
            word for call in calls for word in re.findall(r"[\w./*-]+", str(call.get("script", call.get("path", ""))))
        }
        others = {name for task, name in own.items() if task not in (turn.task, JOIN)}
        assert not LISTING & words, turn
        assert not [word for word in words if word.startswith(("tests", "weatherlog/")) and "." not in word], turn
        imported = re.findall(r"weatherlog[./](\w+)", json.dumps(calls))
        assert not others.intersection(imported), turn


def test_one_agent_sees_its_tests_fail_and_mends_it() -> None:
    seen = [result.result for turn, one in recorded().items() if turn.task == "T-4" for result in one.after]
    runs = [result for result in seen if "passed in" in result or "failed" in result]
    assert [run.split("\n")[0] for run in runs] == ["exit status 1", "exit status 0"]


def recorded():
    return read_recording((RECORDINGS / "team.jsonl").read_text())


def spec() -> Spec:
    files = {**team().files, **team().added}
    config = read_configuration(files[".github/specbot.yml"], files[".github/specbot.yml"])
    (place,) = [place for place in places_of(files, config) if place.path == TEAM_SPEC]
    read = format_of(place).read(place, {place.path: files[place.path]}, config).spec
    assert read is not None
    return read
