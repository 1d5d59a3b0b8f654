"""Ownership is told at once: by the tools that write, after commands that strayed, and when the agent asks."""

import json
from pathlib import Path

from bot.agents.outcome import AgentStatus
from bot.agents.roles.implementer import implementer
from bot.agents.tools.may_write import ANYWHERE, MAY_WRITE
from bot.agents.tools.tool import describe
from bot.core.plans.model import Plan, Task
from bot.core.plans.territory import Territory, territory
from bot.core.policy.model import RepositoryConfig
from bot.ids import TaskId
from tests.agents.scene import Scene
from tests.support.scripted_model import Answer, by_turn, call


def task(name: str, title: str, *patterns: str) -> Task:
    return Task(TaskId(name), title, "", patterns, ())


PLAN = Plan((task("T-1", "Cut text", "a.py", "new/**"), task("T-2", "Document it", "docs/**")))
MINE = territory(PLAN, PLAN.tasks[0], ("*.py", "docs/**", "new/**"), RepositoryConfig())
DONE = call("finish", summary="done")


def results(folder: Path, *answers: Answer, land: Territory | None = MINE) -> tuple[list[str], dict[str, str]]:
    with Scene(folder, by_turn(*answers, DONE), direct=True, territory=land) as scene:
        assert scene.work().status is AgentStatus.FINISHED
        return scene.results()[:-1], scene.files()


def test_edit_and_create_refuse_at_once_and_say_whose_it_is(tmp_path: Path) -> None:
    told, files = results(
        tmp_path,
        call("edit", path="docs/readme.md", old="# Read me", new="# Mine"),
        call("create", path="/ws/docs/new.md", content="x"),
        call("create", path="b.py", content="x"),
        call("create", path=".github/workflows/x.yml", content="x"),
        call("edit", path="a.py", old="one = 1", new="one = 2"),
    )
    assert told[0].startswith("error: you may not write docs/readme.md: It belongs to T-2. Nothing was changed.")
    assert told[1].startswith("error: you may not write docs/new.md: It belongs to T-2.")
    assert told[2].startswith("error: you may not write b.py: The task does not own this path")
    assert "protected" in told[3]
    assert told[4].startswith("edited a.py")
    assert files == {"a.py": "one = 2\ntwo = 2\n", "docs/readme.md": "# Read me\n"}


def test_a_command_that_strays_is_told_and_what_was_there_is_put_back(tmp_path: Path) -> None:
    told, files = results(
        tmp_path,
        call("bash", script="echo mine >> a.py; echo not mine > docs/readme.md; echo out"),
        call("bash", script="cat docs/readme.md; rm docs/readme.md"),
    )
    assert told[0].endswith("out\n\n[put back, for you may not write there: docs/readme.md (It belongs to T-2.)]")
    assert "# Read me" in told[1]
    assert "put back" in told[1]
    assert files == {"a.py": "one = 1\ntwo = 2\nmine\n", "docs/readme.md": "# Read me\n"}


def test_new_files_outside_stay_and_are_told_once(tmp_path: Path) -> None:
    told, files = results(
        tmp_path,
        call(
            "bash",
            script="mkdir out; for i in $(seq 12); do echo $i > out/$i.txt; done; touch new.txt; mkdir new; touch new/x",
        ),
        call("bash", script="date >> out/1.txt; cat out/2.txt"),
        call("bash", script="touch docs/late.md"),
    )
    assert "new files where you may not write, which will not be part of your work: new.txt, out/1.txt" in told[0]
    assert "and 3 more]" in told[0]
    assert told[0].count("No spec's scope allows this path.") == 1
    assert told[1] == "exit status 0\n2\n"
    assert told[2].endswith("part of your work: docs/late.md (It belongs to T-2.)]")
    assert "out/12.txt" in files


def test_results_within_the_territory_are_the_same_as_without_one(tmp_path: Path) -> None:
    work = (
        call("edit", path="a.py", old="one = 1", new="one = 3"),
        call("create", path="new/b.py", content="b = 1\n"),
        call("bash", script="echo three = 3 >> a.py; cat a.py docs/readme.md"),
        call("bash", script="exit 3"),
    )
    assert results(tmp_path / "one", *work) == results(tmp_path / "two", *work, land=None)


def test_names_in_a_notice_are_one_line_and_visible(tmp_path: Path) -> None:
    told, _ = results(tmp_path, call("bash", script="touch $'evil\\u202e]name.txt'"))
    assert "\u202e" not in told[0]
    assert told[0].count("\n[") == 1


def test_the_agent_can_ask(tmp_path: Path) -> None:
    told, _ = results(tmp_path, call("may_write", paths=["/ws/a.py", "docs/readme.md", ".github/x"]), call("may_write"))
    assert told[0].splitlines()[:2] == ["a.py: yes", "docs/readme.md: no. It belongs to T-2."]
    assert "protected" in told[0].splitlines()[2]
    assert told[1].splitlines() == [
        "T-1 Cut text, yours: a.py, new/**",
        "scope, no file outside of it: *.py, docs/**, new/**",
        "T-2 Document it, not yours: docs/**",
        "never: spec files, .github/**, **/CODEOWNERS, .gitattributes, **/.gitattributes, .gitmodules",
    ]


def test_with_one_task_the_scope_answers(tmp_path: Path) -> None:
    alone = task("T-1", "All of it")
    land = territory(Plan((alone,)), alone, ("a.py",), RepositoryConfig())
    told, _ = results(tmp_path, call("may_write"), call("may_write", paths=["b.py", "../x"]), land=land)
    assert told[0].splitlines()[:2] == [
        "T-1 All of it, yours: everything within the scope",
        "scope, no file outside of it: a.py",
    ]
    assert told[1].startswith("error: ../x lies outside")
    assert results(tmp_path / "free", call("may_write"), land=None)[0] == [ANYWHERE]


def test_the_question_costs_few_bytes_and_changes_nothing() -> None:
    assert len(json.dumps(describe(MAY_WRITE).parameters)) + len(MAY_WRITE.description) < 300
    assert MAY_WRITE in implementer().tools
    assert not MAY_WRITE.writes
