"""What all importers share: commands and owned paths of specs that another tool's format holds."""

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import BudgetWish, Complement, ProofKind, ProofWish, Reading, Severity, SpecFormat
from bot.core.specs.read import format_of

PLACE = SpecPlace("specs/001-cut", SpecFormat.SPECKIT)
STORY = "# Cut\n\n## Requirements\n\n### Functional Requirements\n\n- **FR-001**: It MUST cut.\n- **FR-002**: It MUST stop.\n"


def read(spec: str, tasks: str = "", config: RepositoryConfig | None = None) -> Reading:
    files = {"specs/001-cut/spec.md": spec.encode(), "specs/001-cut/tasks.md": tasks.encode()}
    return format_of(PLACE).read(PLACE, files, config or RepositoryConfig())


def proofs(reading: Reading) -> dict[str, tuple[ProofKind, list[str]]]:
    assert reading.spec is not None
    return {c.criterion_id: (c.kind, [command.script for command in c.commands]) for c in reading.spec.criteria}


def test_front_matter_says_what_the_format_cannot() -> None:
    front = "---\nscope: [src/**]\nbudget: {minutes: 5}\nproofs:\n  FR-001: run\n  FR-002: {keep: [a, b]}\n---\n"
    reading = read(front + STORY)
    assert reading.findings == ()
    assert proofs(reading) == {"FR-001": (ProofKind.CHANGE, ["run"]), "FR-002": (ProofKind.KEEP, ["a", "b"])}
    assert reading.spec is not None
    assert (reading.spec.scope, reading.spec.budget.minutes) == (("src/**",), 5)


def test_the_nearest_word_counts() -> None:
    said = Complement(
        "specs/*",
        scope=("lib/**",),
        keep=("all",),
        budget=BudgetWish(minutes=9),
        implement=False,
        proofs=(ProofWish("FR-001", ProofKind.ACCEPT), ProofWish("FR-002", ProofKind.CHANGE, ("far",))),
    )
    config = RepositoryConfig(foreign=(said,))
    block = STORY.replace("It MUST cut.", "It MUST cut.\n\n  ```sh verify\n  here\n  ```")
    reading = read("---\nscope: [src/**]\nproofs: {FR-002: near}\n---\n" + block, config=config)
    assert proofs(reading) == {"FR-001": (ProofKind.CHANGE, ["here"]), "FR-002": (ProofKind.CHANGE, ["near"])}
    spec = reading.spec
    assert spec is not None
    assert (spec.scope, [k.script for k in spec.keep], spec.budget.minutes, spec.implement) == (
        ("src/**",),
        ["all"],
        9,
        False,
    )
    assert proofs(read(STORY, config=config)) == {
        "FR-001": (ProofKind.ACCEPT, []),
        "FR-002": (ProofKind.CHANGE, ["far"]),
    }


@pytest.mark.parametrize(
    ("front", "rule", "line"),
    [
        ("proofs: {FR-009: run}", "SB504", 2),
        ("proofs: {FR-001: {verify: a, keep: b}}", "SB012", 2),
        ("title: x\nproofs: {FR-001: {verify: b, verfiy: a}}", "SB004", 3),
        ("budget: {years: 1}", "SB004", 2),
        ("scoep: [a]", "SB004", 2),
        ("author: ada", "SB514", 2),
    ],
)
def test_what_makes_no_sense_is_told_in_its_place(front: str, rule: str, line: int) -> None:
    reading = read(f"---\n{front}\n---\n{STORY}")
    assert [(f.rule, f.position.path, f.position.line) for f in reading.findings] == [
        (rule, "specs/001-cut/spec.md", line)
    ]


def test_a_protected_path_that_a_task_names_is_told_and_blocks_nothing() -> None:
    tasks = "# Tasks\n\n## Phase 1: Setup\n\n- [ ] T001 Run the tests in `.github/workflows/ci.yml` and src/cut.py\n"
    reading = read(STORY, tasks)
    assert reading.spec is not None
    assert reading.spec.tasks[0].owns == ("src/cut.py",)
    context = LintContext(frozenset({"specs/001-cut/spec.md", "src/cut.py"}), RepositoryConfig())
    found = lint(reading, context)
    assert Severity.ERROR not in {finding.severity for finding in found}
    (told,) = [finding for finding in found if finding.rule == "SB512"]
    assert (told.position.path, told.position.line) == ("specs/001-cut/tasks.md", 5)
    assert "`.github/workflows/ci.yml`, which is protected" in told.message
