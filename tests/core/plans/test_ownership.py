"""Whose file is it?"""

from bot.core.plans.model import Plan, Task
from bot.core.plans.ownership import foreign, owners, owns
from bot.ids import TaskId


def task(name: str, *patterns: str) -> Task:
    return Task(TaskId(name), name, "", patterns, ())


def test_a_task_owns_what_its_patterns_name() -> None:
    text = task("T-1", "src/text/**", "!src/text/secret.py", "*.md")
    assert owns(text, "src/text/cut.py")
    assert owns(text, "docs/a.md")
    assert not owns(text, "src/text/secret.py")
    assert not owns(text, "src/other.py")


def test_no_pattern_owns_everything_and_an_unreadable_one_nothing() -> None:
    assert owns(task("T-1"), "any/thing")
    assert not owns(task("T-1", "[a"), "a")


def test_foreign_paths_are_named_once_and_sorted() -> None:
    assert foreign(task("T-1", "src/**"), ["z.py", "src/a.py", "b.py", "z.py"]) == ("b.py", "z.py")


def test_owners_of_a_path() -> None:
    plan = Plan((task("T-1", "src/**"), task("T-2", "docs/**"), task("T-3", "src/a.py")))
    assert owners(plan, "src/a.py") == ("T-1", "T-3")
    assert owners(plan, "README.md") == ()
