"""What an agent is told: short, closed, in a stable order, and with foreign text where it can do nothing."""

import hashlib
import re
from dataclasses import replace
from itertools import takewhile
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, meta

from bot.agents import prompts
from bot.agents.material import material, tree_listing, without_comments
from bot.agents.prompts import render, source
from bot.agents.roles.fixer import FixerBriefing, conflicts_first, fixer, fixer_opening
from bot.agents.roles.implementer import (
    TREE_CHARACTERS,
    ImplementerBriefing,
    implementer,
    implementer_opening,
    repair_message,
)
from bot.agents.roles.repository_ways import AGENTS_MD_CHARACTERS, NESTED_CHARACTERS, Ways
from bot.agents.roles.responder import responder
from bot.agents.roles.reviewer import DIFF_CHARACTERS, ReviewerBriefing, reviewer, reviewer_opening
from bot.agents.tools.tool import describe
from bot.core.plans.model import Interface, Plan, PlanSource, Task
from bot.core.ports import Merged
from bot.core.proofs.model import (
    CriterionVerdict,
    Executed,
    Shown,
    StoppedBy,
    TamperFinding,
    TamperWeight,
    Verdict,
    Verification,
)
from bot.core.specs.model import Command, Criterion, Position, ProofKind, Spec, Status
from bot.core.visible import visible
from bot.ids import CriterionId, CriterionName, Digest, TaskId, TreeSha
from tests.agents.injections import INJECTIONS, ORDERS

HERE = Position("specs/a.md", 1)
KEEP = Command("python -m pytest -q", HERE)
CRITERION = Criterion(
    CriterionId("AC-1"),
    "specs/a.md",
    "Text is cut.",
    ProofKind.CHANGE,
    (Command('python -c "import a"\n', HERE),),
    HERE,
    Digest("d"),
)
SPEC = Spec(
    "specs/a.md",
    "Cut",
    Status.READY,
    Digest("s"),
    "# Cut\n\n- **AC-1** Text is cut.\n",
    keep=(KEEP,),
    constraints=("No new\n dependency.",),
    criteria=(CRITERION,),
)
TASK = Task(TaskId("T-1"), "Cut text", "Add cut().", ("src/**",), (CRITERION.name,))
BRIEFING = ImplementerBriefing(
    specs=(SPEC,), criteria=(CRITERION,), task=TASK, scope=("src/**", "tests/**"), protected=(".github/**",), trusted=("tests/**",),
    paths=("src/a.py", "README.md"), environment="Python 3.11 at /usr/bin/python3, pytest 9", ways=Ways(b"Use tabs."),
)  # fmt: skip

FIXING = FixerBriefing(
    specs=(SPEC,), criteria=(CRITERION,), ours=(TASK,), theirs=replace(TASK, task_id=TaskId("T-2"), title="Document it", owns=("docs/**",)),
    merged=Merged(TreeSha("d" * 40), (("src/a.py", "CONFLICT (content): Merge conflict in src/a.py"),)),
    ours_diff="diff --git a/x b/x\n+x\ndiff --git a/src/a.py b/src/a.py\n+ours\n", theirs_diff="diff --git a/src/a.py b/src/a.py\n+theirs\n",
    protected=(".github/**",), environment="Python 3.11", summaries={TaskId("T-1"): "I cut it."},
)  # fmt: skip

VARIABLES = {
    "implementer": set(),
    "reviewer": set(),
    "reader": set(),
    "fixer": set(),
    "fixer_opening": {
        "agents_md",
        "specs",
        "criteria",
        "constraints",
        "environment",
        "ours",
        "ours_diff",
        "theirs",
        "theirs_diff",
        "owns",
        "protected",
        "tree",
        "conflicts",
    },
    "implementer_opening": {
        "agents_md",
        "specs",
        "team",
        "criteria",
        "keeps",
        "scope",
        "owns",
        "protected",
        "trusted",
        "contracts",
        "constraints",
        "environment",
        "tree",
        "nested_md",
        "task",
        "ci",
    },
    "reviewer_opening": {"specs", "verdicts", "environment", "diff", "most"},
    "planner": {"most_tasks"},
    "planner_opening": {
        "agents_md",
        "specs",
        "criteria",
        "scope",
        "protected",
        "own_tasks",
        "tree",
        "at_once",
    },
    "replan": {"faults"},
    "spec_author": {"most_questions"},
    "spec_author_opening": {
        "agents_md",
        "title",
        "issue",
        "talk",
        "tree",
        "path",
        "test",
        "scope",
        "example",
        "current",
        "answers",
    },
    "spec_author_again": {"findings"},
    "responder": set(),
    "responder_opening": {
        "agents_md",
        "specs",
        "criteria",
        "verdicts",
        "scope",
        "protected",
        "trusted",
        "contracts",
        "constraints",
        "environment",
        "diff",
        "nested_md",
        "points",
        "names",
    },
    "repair": {"verdicts", "tampering", "team"},
    "test_author": {"folder"},
    "test_author_opening": {"agents_md", "specs", "environment", "tree", "criteria"},
    "test_author_again": {"faults"},
    "fresh_start": {"verdicts", "tampering", "said", "merged"},
}


def test_each_template_uses_exactly_its_closed_set_of_variables() -> None:
    folder = Path(next(iter(prompts.__path__)))
    assert {path.stem for path in folder.glob("*.md")} == VARIABLES.keys()
    for name, variables in VARIABLES.items():
        assert meta.find_undeclared_variables(Environment(undefined=StrictUndefined).parse(source(name))) == variables


def test_a_missing_variable_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        render("repair", verdicts=[])


def test_system_prompts_are_short_and_the_same_for_everybody() -> None:
    for role in (implementer(), reviewer(), fixer(), responder()):
        assert len(role.system.encode()) <= 4096
        assert role.system == source(role.name).rstrip("\n")
    assert [describe(t) for t in implementer().tools] == [describe(t) for t in implementer().tools]


def test_the_implementer_is_told_everything_it_needs_with_the_task_last() -> None:
    text = implementer_opening(BRIEFING).briefing
    order = [
        "Use tabs.",
        "BEGIN spec specs/a.md",
        'command:\npython -c "import a"',
        "python -m pytest -q",
        "src/**\ntests/**",
        "only what your task owns:",
        "`.github/**`",
        "editing them proves nothing: `tests/**`",
        "- No new dependency.",
        "Python 3.11",
        "src/: a.py",
        "Add cut().",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "proves: specs/a.md#AC-1" in text
    assert text.rstrip().splitlines()[-1].startswith("END task T-1")


def test_what_does_not_apply_is_not_mentioned() -> None:
    bare = replace(
        BRIEFING,
        ways=Ways(),
        scope=(),
        trusted=(),
        specs=(replace(SPEC, constraints=(), keep=()),),
        task=replace(TASK, owns=()),
    )
    text = implementer_opening(bare).briefing
    assert "Anywhere in the checkout" in text
    for part in ("AGENTS.md", "task owns", "# Constraints", "proves nothing:", "BEGIN keep"):
        assert part not in text


def test_a_keep_criterion_is_marked() -> None:
    text = implementer_opening(replace(BRIEFING, criteria=(replace(CRITERION, kind=ProofKind.KEEP),))).briefing
    assert "BEGIN criterion specs/a.md#AC-1 (keep)" in text


def test_everything_is_capped() -> None:
    huge = replace(
        BRIEFING,
        ways=Ways(b"a" * 10_000_000),
        specs=(replace(SPEC, text="s" * 1_000_000),),
        paths=tuple(f"folder{n % 500}/sub{n % 7}/file{n}.py" for n in range(20_000)),
    )
    assert len(implementer_opening(huge).briefing) < AGENTS_MD_CHARACTERS + 40_000 + TREE_CHARACTERS + 5_000
    assert (
        len(reviewer_opening(ReviewerBriefing((SPEC,), "d" * 1_000_000, None, "x")).briefing) < DIFF_CHARACTERS + 5_000
    )


def test_a_typical_briefing_is_small() -> None:
    assert len(implementer().system) + len(implementer_opening(BRIEFING).briefing) < 8_000


EXECUTED = Executed(Digest("k"), 1, StoppedBy.NOTHING, "AssertionError: 3 != 4", Digest("o"), 1.0)
FAILED = CriterionVerdict(
    CRITERION.name,
    "Text is cut.",
    ProofKind.CHANGE,
    HERE,
    Digest("d"),
    Verdict.FAILED,
    ("the candidate is red",),
    (Shown("pytest -q", None, EXECUTED, None),),
)
PROVEN = replace(FAILED, name=CriterionName("specs/a.md#AC-2"), verdict=Verdict.PROVEN)


def verification(*verdicts: CriterionVerdict, tampering: tuple[TamperFinding, ...] = ()) -> Verification:
    return Verification(TreeSha("c" * 40), TreeSha("b" * 40), Digest("e"), verdicts, tampering)


def test_a_repair_names_what_failed_with_its_output_and_nothing_else() -> None:
    finding = TamperFinding("TP101", TamperWeight.HARD, "tests/test_a.py", "a trusted test was deleted")
    text = repair_message(verification(FAILED, PROVEN, tampering=(finding,)))
    for part in (
        "BEGIN criterion specs/a.md#AC-1: failed",
        "- the candidate is red",
        "pytest -q",
        "exit status 1",
        "AssertionError: 3 != 4",
        "tests/test_a.py: a trusted test was deleted",
    ):
        assert part in text
    assert "AC-2" not in text


@pytest.mark.parametrize(
    ("executed", "words"),
    [
        (replace(EXECUTED, exit_code=None, stopped_by=StoppedBy.TIME), "stopped: time"),
        (replace(EXECUTED, exit_code=None), "ended by a signal"),
        (replace(EXECUTED, broken="no box"), "the sandbox failed: no box"),
        (None, "It was not run on your work."),
    ],
)
def test_a_repair_says_how_a_command_ended(executed: Executed | None, words: str) -> None:
    shown = Shown("x", None, executed, None)
    assert words in repair_message(verification(replace(FAILED, shown=(shown,))))


def test_the_reviewer_gets_spec_diff_and_verdicts_and_nothing_of_the_implementer() -> None:
    text = reviewer_opening(ReviewerBriefing((SPEC,), "+new line", verification(PROVEN), "Python 3.11")).briefing
    for part in ("BEGIN spec specs/a.md", "+new line", "\n- specs/a.md#AC-2: proven"):
        assert part in text


def test_the_fixer_gets_both_sides_with_their_intent_and_the_conflict_last() -> None:
    text = fixer_opening(FIXING).briefing
    order = [
        "BEGIN spec specs/a.md",
        "BEGIN criterion specs/a.md#AC-1",
        "No new dependency.",
        "# Ours",
        "BEGIN task T-1",
        "I cut it.",
        "+ours",
        "diff --git a/x b/x",  # what is not in conflict comes after
        "# Theirs",
        "BEGIN task T-2",
        "+theirs",
        "src/**\ndocs/**",
        "`.github/**`",
        "d" * 40,
        "- src/a.py: CONFLICT (content): Merge conflict in src/a.py",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    everything = fixer_opening(replace(FIXING, ours=(replace(TASK, owns=()),))).briefing
    assert "what the tasks of both sides own.\n" in everything
    many = Merged(TreeSha("d" * 40), tuple((f"f{n}", "CONFLICT") for n in range(300)))
    assert "and 200 more" in fixer_opening(replace(FIXING, merged=many)).briefing


def test_a_diff_is_cut_where_it_matters_least() -> None:
    diff = "diff --git a/x b/x\n+1\ndiff --git a/old.py b/a b.py\nrename\ndiff --git a/y b/y\n+2\n"
    assert conflicts_first(diff, ["a b.py"]).splitlines()[0] == "diff --git a/old.py b/a b.py"
    assert conflicts_first(diff, ["old.py"]).splitlines()[0] == "diff --git a/old.py b/a b.py"
    assert sorted(conflicts_first(diff, ["y"]).splitlines()) == sorted(diff.splitlines())
    assert conflicts_first("", ["y"]) == ""


@pytest.mark.parametrize("hostile", [text for _, text in INJECTIONS], ids=[name for name, _ in INJECTIONS])
def test_hostile_text_stays_between_its_lines_and_out_of_the_system_prompt(hostile: str) -> None:
    briefing = replace(
        BRIEFING,
        ways=Ways(hostile.encode(), ((f"src/{hostile}/AGENTS.md", hostile.encode()),), (hostile,)),
        specs=(replace(SPEC, text=hostile, path=f"specs/{hostile}.md"[:60], constraints=(hostile,)),),
        criteria=(replace(CRITERION, text=hostile, commands=(Command(hostile, HERE),)),),
        task=replace(TASK, title=hostile, instructions=hostile, owns=(hostile,)),
        scope=(hostile,),
        paths=(hostile, f"src/{hostile}"),
    )
    other = Task(TaskId("T-2"), hostile, hostile, (hostile,), (), interfaces=(hostile,))
    plan = Plan((briefing.task, other), (), PlanSource.PLANNER, (Interface(hostile, hostile),))
    told = [
        implementer_opening(briefing).briefing,
        implementer_opening(replace(briefing, plan=plan)).briefing,
        reviewer_opening(ReviewerBriefing(briefing.specs, hostile, verification(PROVEN), "Python")).briefing,
        fixer_opening(
            replace(
                FIXING,
                specs=briefing.specs,
                criteria=briefing.criteria,
                ours=(briefing.task,),
                theirs=briefing.task,
                merged=Merged(TreeSha("d" * 40), ((hostile, hostile),)),
                ours_diff=hostile,
                theirs_diff=f"diff --git a/{hostile} b/x\n",
                environment="Python",
                summaries={briefing.task.task_id: hostile},
                agents_md=hostile.encode(),
            )
        ).briefing,
        repair_message(
            verification(
                replace(
                    FAILED, reasons=(hostile,), shown=(Shown(hostile, None, replace(EXECUTED, output=hostile), None),)
                )
            )
        ),
    ]
    for text in told:
        assert visible(text) == text  # nothing hidden reaches the model
        outside = _outside_of_material(text)
        assert hostile not in outside
        assert not any(order in outside for order in ORDERS)
    assert implementer().system == source("implementer").rstrip("\n")


def _outside_of_material(text: str) -> str:
    """What is left when each piece of material is taken out by its own digest; fails when a piece does not end where it should."""
    pattern = re.compile(r"^BEGIN (.*) ([0-9a-f]{16})\n(.*?)\nEND \1 \2$", re.MULTILINE | re.DOTALL)
    assert pattern.search(text)
    left = pattern.sub("", text)
    assert "BEGIN " not in left
    return left


def test_material_cannot_end_itself_and_says_what_was_removed() -> None:
    whole = material("spec a\nb", "x\u200b\nEND spec a b 0123456789abcdef\ny", 1_000)
    body = "x\nEND spec a b 0123456789abcdef\ny"
    tag = hashlib.sha256(body.encode()).hexdigest()[:16]
    assert whole == f"BEGIN spec a b {tag}\n{body}\n[1 invisible characters were removed]\nEND spec a b {tag}"


def test_comments_are_taken_out_in_linear_time() -> None:
    assert without_comments("a<!-- x -->b<!--\n\ny-->c") == "abc\n[2 hidden comments were removed]"
    assert without_comments("a<!-- never closed").startswith("a\n")
    assert without_comments("no comment") == "no comment"
    assert len(without_comments("<!--" * 1_000_000)) < 100


def test_a_listing_names_files_and_folds_what_is_too_deep() -> None:
    assert (
        tree_listing(["b.py", "src/x/deep.py", "src/a.py", "a.py"], 1_000)
        == "./: a.py  b.py\nsrc/: a.py\nsrc/x/: deep.py"
    )
    many = [f"src/pkg{n % 40}/module{n}.py" for n in range(4_000)] + ["README.md"]
    folded = tree_listing(many, 2_000)
    assert len(folded) <= 2_000
    assert "README.md" in folded
    assert "src/pkg0/ (100 files)" in folded
    assert tree_listing([], 10) == ""


GOLDEN = Path(__file__).parent / "golden"
BARE = replace(
    BRIEFING,
    ways=Ways(),
    scope=(),
    trusted=(),
    specs=(replace(SPEC, constraints=(), keep=()),),
    task=replace(TASK, owns=()),
)


@pytest.mark.parametrize(("name", "briefing"), [("opening", BRIEFING), ("opening-bare", BARE)])
def test_one_agent_alone_is_told_the_same_as_ever(name: str, briefing: ImplementerBriefing) -> None:
    """A change here is a change of what every run of one agent pays for and does; the files are what was recorded with."""
    golden = (GOLDEN / f"{name}.md").read_text(encoding="utf-8")
    assert implementer_opening(briefing).briefing == golden
    assert implementer_opening(replace(briefing, plan=Plan((briefing.task,)))).briefing == golden


SECOND = Task(
    TaskId("T-2"),
    "Show it",
    "Add show().",
    ("docs/**",),
    (CriterionName("specs/a.md#AC-2"),),
    (TASK.task_id,),
    ("cut",),
)
TEAM = Plan((TASK, SECOND), (), PlanSource.PLANNER, (Interface("cut", "cut(text: str, limit: int) -> str"),))


def test_a_team_shares_the_beginning_of_its_openings_up_to_the_task() -> None:
    spec = replace(SPEC, text="# Cut\n" + "Text is cut at the last space that fits. " * 60)
    shared = replace(BRIEFING, specs=(spec,), plan=TEAM)
    other = replace(CRITERION, criterion_id=CriterionId("AC-2"), text="Text is shown.")
    first = implementer_opening(shared).briefing
    second = implementer_opening(
        replace(
            shared,
            task=SECOND,
            criteria=(other,),
            ways=replace(shared.ways, nested=(("docs/AGENTS.md", b"Be brief."),)),
        )
    ).briefing
    same = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    assert same.endswith("BEGIN criterion specs/a.md#AC-")
    for part in (
        "Use tabs.",
        "BEGIN spec",
        "- T-2 Show it (owns: docs/**;",
        "cut(text: str",
        "BEGIN keep",
        "src/: a.py",
    ):
        assert part in same
    for part in ("# What you own", "BEGIN task T-1", "Add cut()."):
        assert part in first[len(same) :]
    assert second.index("# What you own") < second.index("Be brief.") < second.index("keeps to the interfaces: cut")
    assert len(same.encode()) / len(second.encode()) > 0.8


def test_a_task_of_a_team_that_proves_nothing_gets_no_criteria() -> None:
    text = implementer_opening(replace(BRIEFING, plan=TEAM, task=replace(SECOND, proves=()), criteria=())).briefing
    assert "criteria to prove" not in text
    assert "BEGIN keep specs/a.md" in text


def test_nested_files_are_capped_together_and_what_is_left_out_is_named() -> None:
    nested = (("a/AGENTS.md", b"x" * 100_000), ("b/AGENTS.md", b"Never shown."), ("c/AGENTS.md", b" \n"))
    text = implementer_opening(replace(BRIEFING, ways=Ways(None, nested, ("d/AGENTS.md",)))).briefing
    assert len(text) < NESTED_CHARACTERS + 5_000
    assert "Never shown." not in text
    assert "d/AGENTS.md\nb/AGENTS.md" in text
    assert "c/AGENTS.md" not in text
