"""Two tasks made to collide in spite of ownership: the fixer on a real stage, with real git, sandbox and store.

The step that puts results together is not on stage: what it would find (a run that is under way, two trees made from one) is laid out here.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.agents.roles.implementer import implementer
from bot.agents.tools.tool import describe
from bot.core.plans.model import Plan, Task
from bot.core.pulls import Person
from bot.core.runs import Run, RunState
from bot.core.runs import Stage as At
from bot.ids import InstallationId, PrNumber, RepoId, Sha, TaskId, TreeSha, UserId, run_id
from bot.workflows.admission import admit
from bot.workflows.fixing import Collision, Fixed, fix
from bot.workflows.house import House
from bot.workflows.notes import keep
from bot.workflows.reading import read_specs
from tests.support.scripted_model import Answer, DirectModel, Script, by_turn, call
from tests.support.stage import BASE, SPEC, Stage, never

NAMES = "".join(f"name {n}\n" for n in range(1, 9))
FILES = {**BASE, "names.txt": NAMES, "old.py": "".join(f"line_{n} = {n}\n" for n in range(1, 13))}
PLAN = Plan(
    (
        Task(TaskId("T-1"), "Count the names", "Write gen.txt.", ("greet.py", "gen.txt"), ()),
        Task(TaskId("T-2"), "List the names", "Write gen.txt.", ("names.txt", "gen.txt", "old.py"), ()),
        Task(TaskId("T-3"), "Document it", "", ("README.md",), ()),
    )
)
DONE = call("finish", summary="Both hold.")
WIDE = SPEC.replace("scope: [greet.py]", "scope: ['*.py', '*.txt', '*.md']")


@dataclass
class Scene:
    stage: Stage
    house: House
    model: DirectModel
    run: Run

    def tree(self, files: Mapping[str, str | None], branch: str) -> TreeSha:
        git, head = self.house.git, self.stage.push(files, branch)
        git.fetch(self.run.repo, [Sha(head)], branch=branch)
        return git.tree(self.run.repo, Sha(head))

    def collision(self, ours: Mapping[str, str | None], theirs: Mapping[str, str | None]) -> Collision:
        base, left, right = self.tree({}, "base"), self.tree(ours, "ours"), self.tree(theirs, "theirs")
        merged = self.house.git.merge(self.run.repo, base, left, right)
        assert merged.conflicts
        said = {TaskId("T-1"): "It counts.", TaskId("T-2"): "It lists."}
        return Collision(PLAN.tasks[1], (PLAN.tasks[0], PLAN.tasks[2]), base, left, right, merged, said)

    def fix(self, collision: Collision, attempt: int = 1) -> Fixed:
        return asyncio.run(fix(self.house, self.run, collision, attempt))

    def files(self, tree: TreeSha | None) -> dict[str, str]:
        assert tree is not None
        git, repo = self.house.git, self.run.repo
        found = git.contents(repo, git.entries(repo, tree))
        return {path: data.decode() for path, data in found.items() if path not in BASE or path == "README.md"}


@contextmanager
def scene(script: Script) -> Iterator[Scene]:
    """A run that is under way, with its facts, specs and plan as the steps before have left them."""
    with Stage(never, base=FILES) as stage:
        pull = stage.open(WIDE)
        model = DirectModel(script)
        house = replace(stage.house, model=model)
        installation = InstallationId(next(iter(stage.hub.store.installations.where(lambda one: True))).id)
        repo = house.github.repository(installation, RepoId(stage.repo.id)).ref
        head = Sha(stage.head(pull))
        run = Run(
            run_id(repo.repo_id, PrNumber(pull.number), head, 1), repo, PrNumber(pull.number), head, 1, repo.repo_id, "topic", "main",
            RunState.WORKING, At.IMPLEMENT, "", Person(UserId(1), "ada"), datetime.now(UTC),
        )  # fmt: skip
        house.store.create_run(run)
        asyncio.run(admit(house, run.run_id))
        asyncio.run(read_specs(house, run.run_id))
        keep(house, run.run_id, PLAN)
        yield Scene(stage, house, model, run)
        house.git.close()


def test_a_generated_file_that_both_wrote_is_put_together_and_nothing_else_is_touched() -> None:
    script = by_turn(
        Answer(
            calls=[
                ("bash", {"script": "cat gen.txt"}),
                ("may_write", {}),
                ("edit", {"path": "README.md", "old": "#", "new": "##"}),
            ]
        ),
        Answer(
            calls=[
                ("create", {"path": "gen.txt", "content": "count 8\nlist of 8\n", "overwrite": True}),
                ("bash", {"script": "echo more >> README.md; echo x > NOTES.md"}),
            ]
        ),
        DONE,
    )
    with scene(script) as on:
        collision = on.collision({"gen.txt": "count 8\n", "greet.py": "count = 8\n"}, {"gen.txt": "list of 8\n"})
        fixed = on.fix(collision)
        assert fixed.reason == ""
        assert fixed.summary == "Both hold."
        assert fixed.dropped == ("NOTES.md: The task does not own this path, and no other task does.",)
        merged = on.files(collision.merged.tree)
        assert on.files(fixed.tree) == {**merged, "gen.txt": "count 8\nlist of 8\n"}
        first, second = on.model.requests[0].body, on.model.requests[1].body
        told = first["messages"][1]["content"]
        for part in (
            "Count the names",
            "It counts.",
            "+count 8",
            "List the names",
            "It lists.",
            "+list of 8",
            "add/add",
        ):
            assert part in told, part
        assert "Document it" not in told
        conflict, land, refused = (m["content"] for m in second["messages"][-3:])
        assert conflict.count("<<<<<<< ") == 1
        assert "in conflict, yours: gen.txt" in land
        assert "T-3 Document it, not yours: README.md" in land
        assert "It belongs to T-3." in refused
        assert first["tools"] == tuple(describe(tool) for tool in implementer().tools)
        assert on.model.prefix_faults() == []

        asked = len(on.model.requests)
        assert on.fix(collision) == fixed, "a step that is repeated says the same"
        assert len(on.model.requests) == asked, "and pays for nothing again"


@pytest.mark.soak
def test_a_rename_against_an_edit_is_resolved_at_the_new_name() -> None:
    moved = FILES["old.py"].replace("line_2 = 2", "line_2 = 'ours'")
    edited = FILES["old.py"].replace("line_2 = 2", "line_2 = 'theirs'")
    both = FILES["old.py"].replace("line_2 = 2", "line_2 = 'both'")
    script = by_turn(call("create", path="new.py", content=both, overwrite=True), DONE)
    with scene(script) as on:
        collision = on.collision({"old.py": None, "new.py": moved}, {"old.py": edited})
        fixed = on.fix(collision)
        files = on.files(fixed.tree)
        assert files["new.py"] == both
        assert "old.py" not in files
        assert fixed.dropped == ()


@pytest.mark.soak
def test_a_file_that_one_removed_and_the_other_changed() -> None:
    edited = FILES["old.py"].replace("line_2 = 2", "line_2 = 'theirs'")
    with scene(by_turn(call("bash", script="rm old.py"), DONE)) as on:
        collision = on.collision({"old.py": None, "greet.py": "x = 1\n"}, {"old.py": edited})
        assert "modify/delete" in collision.merged.conflicts[0][1]
        assert "old.py" not in on.files(on.fix(collision).tree)


def test_what_still_holds_marks_is_refused_and_a_conflict_in_a_new_round_is_a_new_conversation() -> None:
    turns = [
        DONE,
        call("bash", script="sed -i '/^[<>|]/d' gen.txt"),
        DONE,
        call("create", path="gen.txt", content="x\n", overwrite=True),
        DONE,
    ]
    with scene(lambda seen: turns.pop(0)) as on:
        first = on.collision({"gen.txt": "count 8\n"}, {"gen.txt": "list of 8\n"})
        refused = on.fix(first)
        assert refused.tree is None
        assert refused.reason == (
            "the work of T-2 and what was merged before it do not go together in gen.txt; the fixer handed in, but gen.txt is not resolved: "
            "Lines that mark the conflict are still in it."
        )
        second = replace(first, merged=on.house.git.merge(on.run.repo, first.base, first.theirs, first.ours))
        assert second.merged.tree != first.merged.tree
        middle = on.fix(second)
        assert "separates the two sides" in middle.reason
        third = on.collision({"gen.txt": "count 9\n"}, {"gen.txt": "list of 9\n"})
        assert on.files(on.fix(third).tree)["gen.txt"] == "x\n"
        labels = [seen.label for seen in on.model.requests]
        assert labels == ["fixer/T-2/1", "fixer/T-2~2/1", "fixer/T-2~2/2", "fixer/T-2~3/1", "fixer/T-2~3/2"]


def test_a_fixer_that_is_blocked_says_why() -> None:
    with scene(by_turn(call("blocked", reason="The two want different formats."))) as on:
        fixed = on.fix(on.collision({"gen.txt": "count 8\n"}, {"gen.txt": "list of 8\n"}))
        assert fixed.tree is None
        assert fixed.reason.endswith("in gen.txt; the fixer ended with “blocked”: The two want different formats.")


def test_a_link_in_a_conflicts_place_is_put_back_and_refused() -> None:
    with scene(by_turn(call("bash", script="ln -sf greet.py gen.txt"), DONE)) as on:
        fixed = on.fix(on.collision({"gen.txt": "count 8\n"}, {"gen.txt": "list of 8\n"}))
        assert fixed.tree is None
        assert "gen.txt is not resolved" in fixed.reason
