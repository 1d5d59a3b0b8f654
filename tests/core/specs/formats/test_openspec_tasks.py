"""`tasks.md`: every box is a task, in the order of the file."""

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import SpecTask, TaskKind
from tests.core.specs.formats.openspec_writing import LOCKING, PROPOSAL, delta, read, spec, told, tree


def tasks(text: str) -> tuple[SpecTask, ...]:
    return spec(tree(proposal=PROPOSAL, delta=delta(added=LOCKING), tasks=text)).tasks


def said(text: str) -> list[tuple[str, int]]:
    reading = read(tree(proposal=PROPOSAL, delta=delta(added=LOCKING), tasks=text))
    return [(rule, line) for rule, path, line in told(reading) if path == "tasks.md"]


def one_id(text: str) -> str:
    (task,) = tasks(f"- [ ] {text}\n")
    return task.task_id


def test_tasks_have_numbers_titles_ticks_and_details() -> None:
    text = "# Tasks\n\n## 1. Lifetime\n- [ ] 1.1 Add a timer\n  and test it\n\n  Not by hand.\n* [X] 1.2b  Show it\n"
    first, second = tasks(text)
    assert (first.task_id, first.title, first.details, first.claimed_done) == (
        "1.1",
        "Add a timer",
        "and test it\nNot by hand.",
        False,
    )
    assert (first.position.line, first.position.end_line) == (4, 7)
    assert (second.task_id, second.title, second.claimed_done) == ("1.2b", "Show it", True)
    assert said(text) == []


def test_each_task_waits_for_the_one_before_it_within_groups_and_across_them() -> None:
    found = tasks("## 1. A\n- [ ] 1.1 a\n- [ ] 1.2 b\n## 2. B\n- [ ] 2.1 c\n")
    assert [task.after for task in found] == [(), ("1.1",), ("1.2",)]
    assert {task.kind for task in found} == {TaskKind.WORK}


def test_a_task_with_tasks_below_it_is_done_when_they_are() -> None:
    text = "- [ ] 1.1 a\n- [ ] 1.2 b\n  - [ ] 1.2.1 c\n  - [x] 1.2.2 d\n\t- [ ] e\n- [ ] 1.3 f\n"
    found = {task.title: task for task in tasks(text)}
    assert [found[name].kind for name in "abcdef"] == [
        TaskKind.WORK,
        TaskKind.GROUP,
        TaskKind.WORK,
        TaskKind.GROUP,
        TaskKind.WORK,
        TaskKind.WORK,
    ]  # fmt: skip
    assert found["b"].after == ("1.2.1", "1.2.2")
    assert found["c"].after == ("1.1",)
    assert found["d"].after == (found["e"].task_id,)
    assert found["e"].after == ("1.2.1",)
    assert found["f"].after == ("1.2",)
    reading = read(tree(proposal=PROPOSAL, delta=delta(added=LOCKING), tasks=text))
    assert not [f for f in lint(reading, LintContext(None, RepositoryConfig())) if f.rule in ("SB102", "SB103")]


def test_a_heading_ends_what_stands_below_a_task() -> None:
    found = tasks("- [ ] 1.1 a\n## 2. B\n  - [ ] 2.1 b\n")
    assert [task.kind for task in found] == [TaskKind.WORK, TaskKind.WORK]


def test_a_box_counts_wherever_it_stands() -> None:
    text = "```md\n- [ ] 1.1 in code\n```\n    - [x] 1.2 far in\n-[ ]1.3 without blanks\n- [\u00a0] 1.4 another blank\n"
    assert [task.task_id for task in tasks(text)] == ["1.1", "1.2", "1.3", "1.4"]


def test_tasks_without_a_number_are_named_by_their_words() -> None:
    name = one_id("Write the manual")
    assert name.startswith("t-")
    assert len(name) == 10
    assert one_id("Write  the manual ") == name
    assert one_id("Write the manuals") != name
    found = tasks("- [ ] 1.1 a\n- [ ] Write the manual\n- [ ] Write the manual\n- [ ] 1. Half a number\n")
    assert [task.task_id for task in found][1:3] == [name, f"{name}-2"]
    assert found[3].title == "1. Half a number"


def test_a_number_used_twice_or_in_another_group_is_told() -> None:
    text = "## 1. A\n- [ ] 1.1 a\n- [ ] 1.1 b\n- [ ] 2.1 c\n## 02. B\n- [ ] 2.2 d\n## Later\n- [ ] 7.1 e\n"
    assert [task.task_id for task in tasks(text)] == ["1.1", "1.1-2", "2.1", "2.2", "7.1"]
    assert said(text) == [("SB513", 3), ("SB513", 4)]


@pytest.mark.parametrize(
    "line",
    [
        "- [ ]",
        "- [ ] 1.1",
        "- [-] 1.1 a",
        "- [] 1.1 a",
        "- [~] 1.1 a",
        "- [ x] 1.1 a",
        "+ [ ] 1.1 a",
        "1. [ ] a",
        "[x] 1.1 a",
        "> - [ ] 1.1 a",
    ],
)
def test_what_nearly_is_a_task_is_told(line: str) -> None:
    assert (tasks(f"{line}\n"), said(f"{line}\n")) == ((), [("SB503", 1)])


@pytest.mark.parametrize("line", ["- [a link](x)", "see [ ] there", "- x [ ] y", "[1] a note", "- [](x)"])
def test_what_is_no_task_is_left_in_peace(line: str) -> None:
    assert said(f"{line}\n") == []


@pytest.mark.parametrize(
    ("title", "owns"),
    [
        ("Add `src/a.py` and `src/b/`", ("src/a.py", "src/b/**")),
        ("Change `src/a.py:12-14` and `./src/a.py`", ("src/a.py",)),
        ("Move `src/**/*.ts`", ("src/**/*.ts",)),
        ("Mention it in `README.md`", ("README.md",)),
        ("Read `src/été/naïve.py`", ("src/été/naïve.py",)),
        ("Run `python -m pytest tests/a.py`, set `process.exitCode`, `Foo.bar()` and `a/b`", ()),
        (
            "See `https://a.example/b.html`, `github.com/a/b.git`, `--json`, `${HOME}/a.txt`, `/do-*` and `<id>/a.md`",
            (),
        ),
        ("Not quoted: src/a.py; never closed: `src/b.py", ()),
    ],
)
def test_a_task_owns_the_paths_that_its_title_quotes(title: str, owns: tuple[str, ...]) -> None:
    (task,) = tasks(f"- [ ] 1.1 {title}\n")
    assert task.owns == owns
    assert said(f"- [ ] 1.1 {title}\n") == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/etc/a.conf", "is no path from the repository's root"),
        ("~/.config/a.json", "is no path from the repository's root"),
        ("src/../a.py", "is no path from the repository's root"),
        ("../../a.py", "is no path from the repository's root"),
        ("a/.Git/config.x", "is no path from the repository's root"),
        ("app/[id]/page.tsx", "holds signs that mean something else in a path pattern"),
        ("openspec/specs/a/spec.md", "is OpenSpec's own, which agents do not write"),
    ],
)
def test_a_path_that_no_task_can_own_is_told(path: str, reason: str) -> None:
    reading = read(tree(proposal=PROPOSAL, delta=delta(added=LOCKING), tasks=f"- [ ] 1.1 Change `{path}`\n"))
    found = [(f.rule, f.message) for f in reading.findings]
    assert found == [("SB512", f"`{path}` {reason}, so the task does not own it.")]
    assert reading.spec is not None
    assert reading.spec.tasks[0].owns == ()


def test_protected_files_and_more_paths_than_are_read_are_not_owned() -> None:
    config = RepositoryConfig(protected=("pyproject.toml",))
    files = tree(proposal=PROPOSAL, delta=delta(added=LOCKING), tasks="- [ ] 1.1 Set `pyproject.toml` in `src/a.py`\n")
    assert spec(files, config=config).tasks[0].owns == ("src/a.py",)
    many = " ".join(f"`Word{number}` `src/f{number}.py`" for number in range(501))
    reading = read(tree(proposal=PROPOSAL, delta=delta(added=LOCKING), tasks=f"- [ ] 1.1 {many}\n"))
    assert [f.message for f in reading.findings] == [
        "`src/f500.py` is one of more than 500 paths, so the task does not own it."
    ]
    assert reading.spec is not None
    assert len(reading.spec.tasks[0].owns) == 500


def test_a_file_without_tasks_is_no_plan() -> None:
    assert tasks("# Tasks\n\nLater.\n") == ()
    assert spec(tree(proposal=PROPOSAL, delta=delta(added=LOCKING))).tasks == ()
