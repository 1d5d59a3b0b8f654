"""What a task may write is told and enforced by the same judge."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.plans.model import Plan, Task
from bot.core.plans.ownership import foreign
from bot.core.plans.territory import Territory, territory, to_put_back
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.paths import MAX_CHANGED_FILES, FaultKind, judge_changes
from bot.core.specs.layouts import is_spec
from bot.ids import TaskId

CONFIG = RepositoryConfig()


@dataclass(frozen=True)
class Change:
    path: str
    old_mode: str = "100644"
    new_mode: str = "100644"


def task(name: str, *patterns: str) -> Task:
    return Task(TaskId(name), name, "", patterns, ())


PLAN = Plan(
    (task("T-1", "src/text/**", "README.md"), task("T-2", "src/web/**"), task("T-3", "src/web/a.py", "docs/**"))
)
SCOPE = ("src/**", "docs/**", "README.md")
MINE = territory(PLAN, PLAN.tasks[0], SCOPE, CONFIG)


def test_a_task_may_write_what_it_owns_within_the_scope() -> None:
    assert MINE.why_not("src/text/cut.py") == ""
    assert MINE.why_not("README.md") == ""
    assert territory(PLAN, task("T-9", "**"), SCOPE, CONFIG).why_not("setup.py") == "No spec's scope allows this path."


def test_the_refusal_says_whose_it_is() -> None:
    assert MINE.why_not("src/web/b.py") == "It belongs to T-2."
    assert MINE.why_not("src/web/a.py") == "It belongs to T-2 and T-3."
    assert MINE.why_not("src/other.py") == "The task does not own this path, and no other task does."


def test_what_is_out_of_bounds_for_everybody() -> None:
    everywhere = Territory((), CONFIG)
    assert everywhere.why_not("any/thing.py") == ""
    assert "`.github/**` is protected" in everywhere.why_not(".GitHub/x")
    assert "does not edit it" in everywhere.why_not("specs/0001-a.md")
    assert "`.git`" in everywhere.why_not("a/.GIT/config")
    assert "control character" in everywhere.why_not("a\nb")


def test_a_locked_contract_is_nobodys_to_write_and_stays_as_it_was_left_to_be_judged() -> None:
    path = "tests/contracts/test_a.py"
    for land in (replace(MINE, locked=frozenset({path})), Territory((), CONFIG, locked=frozenset({path}))):
        assert "locked contract" in land.why_not(path)
        faults = land.judge((Change(path),))
        assert [fault.kind for fault in faults] == [FaultKind.LOCKED]
        assert to_put_back(faults) == ()
        link = land.judge((Change(path, new_mode="120000"),))
        assert [fault.kind for fault in to_put_back(link)] == [FaultKind.LINK], "what nobody can look at is put back"
    assert to_put_back(MINE.judge((Change(path),))) != ()


def test_one_task_without_patterns_owns_the_whole_scope() -> None:
    alone = task("T-1")
    mine = territory(Plan((alone,)), alone, ("src/**",), CONFIG)
    assert mine.why_not("src/a.py") == ""
    assert mine.why_not("docs/a.md") == "No spec's scope allows this path."


def test_an_unreadable_pattern_owns_nothing() -> None:
    broken = task("T-1", "[a")
    assert territory(Plan((broken,)), broken, (), CONFIG).why_not("a") != ""


def test_the_fixer_may_write_what_both_own_and_what_is_in_conflict() -> None:
    fixer = Territory(SCOPE, CONFIG, PLAN.tasks[:2], PLAN.tasks[2:], frozenset({"gen/x.txt", ".github/x"}))
    for path in ("src/text/a.py", "src/web/b.py", "gen/x.txt"):
        assert fixer.why_not(path) == "", path
    assert fixer.why_not("docs/a.md") == "It belongs to T-3."
    assert fixer.why_not("gen/y.txt") == "No spec's scope allows this path."
    assert "protected" in fixer.why_not(".github/x")


def test_the_diff_is_judged_with_modes_collisions_and_owners_in_its_order() -> None:
    changes = [Change("src/web/b.py"), Change("src/text/l", "000000", "120000"), Change("src/text/CUT.py", "000000")]
    faults = MINE.judge(changes, tree_paths={"src/text/cut.py", "src/web/b.py"})
    assert [(fault.kind, fault.path) for fault in faults] == [
        (FaultKind.OWNER, "src/web/b.py"),
        (FaultKind.LINK, "src/text/l"),
        (FaultKind.COLLISION, "src/text/CUT.py"),
    ]


def test_too_many_files_are_all_at_fault_whoever_owns_them() -> None:
    changes = [Change(f"src/web/{n}.py") for n in range(MAX_CHANGED_FILES + 1)]
    assert {fault.kind for fault in MINE.judge(changes)} == {FaultKind.FILES}


PATHS = st.lists(
    st.sampled_from(["src", "Src", "docs", "specs", ".github", ".git", "a.py", "A.py", "x.spec.md", "README.md", "..", "", "gen", "é", "a\n"]),
    min_size=1,
    max_size=4,
).map("/".join)  # fmt: skip
PATTERNS = st.lists(
    st.sampled_from(["src/**", "!src/a.py", "*.py", "docs/", "**", "[", "/README.md", "gen/*", "s[a-r]c/**", "**/é"]), max_size=3
).map(tuple)  # fmt: skip


@given(st.lists(PATHS, unique=True, max_size=6), PATTERNS, PATTERNS, PATTERNS, st.frozensets(PATHS, max_size=2))
def test_what_is_told_about_a_path_is_what_is_enforced_on_the_diff(
    paths: list[str], scope: tuple[str, ...], mine: tuple[str, ...], others: tuple[str, ...], also: frozenset[str]
) -> None:
    tasks = (task("T-1", *mine), task("T-2", *others))
    config = replace(CONFIG, protected=(*CONFIG.protected, "docs/a.py"))
    land = replace(territory(Plan(tasks), tasks[0], scope, config), also=also)
    refused = {fault.path for fault in land.judge([Change(path) for path in paths], tree_paths=paths)}
    assert refused == {path for path in paths if land.why_not(path)}
    if not also:  # and both say what the rules of before said: the scope, what is protected, and whose it is
        specs = [path for path in paths if is_spec(path, config)]
        before = judge_changes(
            [Change(path) for path in paths], scope=scope, protected=config.protected, spec_paths=specs
        )
        assert refused == {fault.path for fault in before} | set(foreign(tasks[0], paths))


@pytest.mark.parametrize("path", ["specs/0001-a.md", ".github/x", "docs/a.md"])
def test_a_refused_path_is_one_sentence_or_more(path: str) -> None:
    assert MINE.why_not(path).endswith(".")
