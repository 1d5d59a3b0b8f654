"""A change's folder: proposal, design, settings, and the other changes it meets."""

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import openspec
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Complement, ProofKind, Severity, SpecFormat, Status
from bot.core.specs.read import format_of
from bot.core.specs.tree import TreePaths
from tests.core.specs.formats.openspec_writing import (
    CHANGE,
    DELTA,
    LIFETIME,
    LIVING,
    LOCKING,
    PROPOSAL,
    delta,
    errors,
    ids,
    living,
    place,
    read,
    spec,
    told,
    tree,
)

OTHER = "openspec/changes/lock-harder"


def test_a_change_is_one_spec_of_all_its_files() -> None:
    files = tree(
        proposal="# Change: End idle logins\n\nFor bank clerks.\n\n## Why\nScreens are read.\n\n### Since when\nAlways.\n\n"
        "## What Changes\n- They end.\n\n## Impact\nLogins.\n\n## Non-Goals\nHardware.\n",
        design="# Design\n## Context\nOne timer.\n## Goals / Non-Goals\n**Goals:**\n- calm\n\n**Non-Goals:**\n- clocks\n\n**Note**: x\n",
        tasks="- [ ] 1.1 a\n",
        metadata="schema: spec-driven\ncreated: 2026-08-01\ngoal: Less fraud\naffected_areas: [web, tills]\nmine: 1\n",
        delta=delta(added=LIFETIME),
    )
    found = spec(files | {"openspec/config.yaml": b"schema: x\ncontext: |\n  We write Python.\nrules: {}\n"})
    assert read(files).findings == ()
    assert (found.path, found.title, found.format, found.status) == (
        CHANGE,
        "End idle logins",
        SpecFormat.OPENSPEC,
        Status.READY,
    )
    assert found.files == (
        f"{CHANGE}/proposal.md",
        f"{CHANGE}/design.md",
        f"{CHANGE}/tasks.md",
        f"{CHANGE}/.openspec.yaml",
        DELTA,
    )
    assert found.intent == "Screens are read.\n\n### Since when\nAlways.\n\nLess fraud"
    assert found.context.startswith(
        "For bank clerks.\n\n## What Changes\n- They end.\n\n## Impact\nLogins.\n\n## Context\nOne timer."
    )
    assert found.context.endswith("Affected areas: web, tills.\n\nWe write Python.")
    assert found.out_of_scope == "Hardware.\n\n- clocks"
    assert len(found.tasks) == 1
    assert format_of(place()) is openspec


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Proposal: Cut  it", "Cut it"),
        ("# Change Proposal", "End idle logins"),
        ("## Why", "End idle logins"),
        ("# A change: b", "A change: b"),
    ],
)
def test_a_change_is_called_by_its_title_or_its_folder(heading: str, title: str) -> None:
    assert spec(tree(proposal=f"{heading}\nx\n", delta=delta(added=LIFETIME))).title == title


def test_its_digest_is_of_its_own_files() -> None:
    files = tree(proposal=PROPOSAL, delta=delta(added=LIFETIME))
    assert spec(files).digest == spec(files | tree(living=living(LOCKING))).digest
    assert spec(files).digest != spec(files | tree(design="# D\n")).digest


def test_front_matter_in_the_proposal_and_configuration_complete_it() -> None:
    front = "---\nstatus: draft\nscope: [src/**]\nproofs:\n  login/login-lifetime/idle-user: pytest idle\n---\n"
    files = tree(proposal=front + PROPOSAL, delta=delta(added=LIFETIME))
    found = spec(files, config=RepositoryConfig(foreign=(Complement(CHANGE, scope=("a",), keep=("make test",)),)))
    assert (found.status, found.scope, [c.script for c in found.keep]) == (Status.DRAFT, ("src/**",), ["make test"])
    assert [one.kind for one in found.criteria] == [ProofKind.CHANGE, ProofKind.NONE]


def test_without_a_proposal_the_first_delta_is_the_main_file() -> None:
    found = spec(tree(delta=delta(added=LIFETIME)))
    assert (found.title, found.files) == ("End idle logins", (DELTA,))
    nothing = read(tree(tasks="- [ ] 1.1 a\n"))
    assert (nothing.spec, told(nothing)) == (None, [("SB501", "tasks.md", 1)])
    broken = read(tree(delta=delta(added=LIFETIME)) | {f"{CHANGE}/proposal.md": b"\xff"})
    assert (broken.spec, told(broken)) == (None, [("SB001", "proposal.md", 1)])


@pytest.mark.parametrize(
    ("metadata", "line"),
    [
        ("a: [b\n", 1),
        ("goal: *x\n", 1),
        ("goal: [a]\n", 1),
        ("a: 1\nskip_specs: maybe\n", 2),
        ("affected_areas: web\n", 1),
        ("- a\n", 1),
        ("a: " + "b" * 65_536, 1),
    ],
)
def test_settings_that_cannot_be_read_are_told_and_stop_nothing(metadata: str, line: int) -> None:
    reading = read(tree(proposal=PROPOSAL, delta=delta(added=LIFETIME), metadata=metadata))
    assert told(reading) == [("SB512", ".openspec.yaml", line)]
    assert not reading.blocked


def test_a_change_that_says_it_changes_no_requirement_claims_nothing() -> None:
    files = tree(proposal=PROPOSAL, metadata="skip_specs: true\n")
    assert spec(files).status is Status.DRAFT
    assert lint(read(files), LintContext(None, RepositoryConfig())) == ()
    silent = read(tree(proposal=PROPOSAL))
    assert [f.rule for f in lint(silent, LintContext(None, RepositoryConfig())) if f.severity is Severity.ERROR] == [
        "SB101"
    ]
    both = read(files | tree(delta=delta(added=LIFETIME), metadata="a: 1\nskip_specs: true\n"))
    assert told(both) == [("SB508", ".openspec.yaml", 2)]
    assert both.spec is not None
    assert both.spec.status is Status.READY


def test_a_change_that_only_removes_claims_nothing_new() -> None:
    removal = "### Requirement: Locking\n**Reason**: a\n**Migration**: b\n"
    files = tree(proposal=PROPOSAL, delta=delta(removed=removal), living=living(LOCKING, LIFETIME))
    found = spec(files)
    assert (found.status, found.criteria) == (Status.DRAFT, ())
    assert lint(read(files), LintContext(None, RepositoryConfig())) == ()


def test_capabilities_that_the_proposal_names_have_a_delta() -> None:
    proposal = "## Why\nx\n## Capabilities\n### New Capabilities\n- `login`: a\n- `web/keys`: b\n- `<name>`: c\n### Modified Capabilities\n- **`doors`**\n## Impact\n- `other`\n"
    reading = read(tree(proposal=proposal, delta=delta(added=LIFETIME)))
    assert told(reading) == [("SB504", "proposal.md", 6), ("SB504", "proposal.md", 9)]


def test_two_open_changes_that_touch_one_requirement_are_rivals() -> None:
    mine = tree(
        proposal=PROPOSAL,
        living=living(LIFETIME, LOCKING),
        delta=delta(modified=LIFETIME, added=LOCKING.replace("Locking", "Keys")),
    )
    theirs = {
        f"{OTHER}/specs/login/spec.md": delta(modified=LOCKING, added=LOCKING.replace("Locking", "Keys")).encode()
    }
    reading = read(mine | theirs)
    assert [(f.rule, f.message, f.position.line) for f in reading.findings] == [
        ("SB509", f"`{OTHER}` touches “Keys” as well.", 18)
    ]
    renaming = "- FROM: `### Requirement: Login lifetime`\n- TO: `### Requirement: Idle logins`\n"
    theirs = {f"{OTHER}/specs/login/spec.md": delta(renamed=renaming).encode()}
    assert [f.message for f in read(mine | theirs).findings] == [f"`{OTHER}` touches “Login lifetime” as well."]


def test_other_capabilities_archived_changes_and_unreadable_ones_are_no_rivals() -> None:
    mine = tree(proposal=PROPOSAL, delta=delta(added=LIFETIME))
    text = delta(added=LIFETIME).encode()
    assert read(mine | {f"{OTHER}/specs/doors/spec.md": text}).findings == ()
    assert read(mine | {"openspec/changes/archive/2026-01-01-x/specs/login/spec.md": text}).findings == ()
    assert read(mine | {f"{OTHER}/specs/login/spec.md": b"\0"}).findings == ()


def test_what_a_change_wants() -> None:
    tree_paths = TreePaths.of(
        [
            f"{CHANGE}/proposal.md", f"{CHANGE}/tasks.md", f"{CHANGE}/notes.md", f"{CHANGE}/specs/login/spec.md", f"{CHANGE}/specs/a.md",
            f"{CHANGE}/specs/login/x.png", f"{OTHER}/specs/login/spec.md", f"{OTHER}/specs/doors/spec.md", f"{OTHER}/proposal.md",
            "openspec/changes/archive/2026-01-01-x/specs/login/spec.md", "openspec/specs/login/spec.md", "openspec/specs/web/keys/spec.md",
            "openspec/specs/login/notes.md", "openspec/config.yaml", "openspec/project.md", "src/a.py",
        ]
    )  # fmt: skip
    assert set(openspec.wanted(place(), tree_paths)) == {
        f"{CHANGE}/proposal.md", f"{CHANGE}/tasks.md", f"{CHANGE}/specs/login/spec.md", f"{CHANGE}/specs/a.md",
        f"{OTHER}/specs/login/spec.md", "openspec/specs/login/spec.md", "openspec/specs/web/keys/spec.md", "openspec/config.yaml",
    }  # fmt: skip
    assert openspec.wanted(place(LIVING), tree_paths) == (
        LIVING,
        f"{CHANGE}/specs/login/spec.md",
        f"{OTHER}/specs/login/spec.md",
        f"{CHANGE}/proposal.md",
        f"{OTHER}/proposal.md",
    )


def test_a_change_with_several_deltas_has_the_criteria_of_all() -> None:
    files = tree(proposal=PROPOSAL, delta=delta(added=LIFETIME)) | {
        f"{CHANGE}/specs/a/doors/spec.md": delta(added=LOCKING).encode()
    }
    assert ids(spec(files)) == [
        "a/doors/locking/wrong-key",
        "login/login-lifetime/idle-user",
        "login/login-lifetime/active-user",
    ]
    assert errors(read(files)) == []


def test_a_file_of_a_megabyte_is_read_and_a_larger_one_is_told() -> None:
    text = delta(added=LIFETIME.replace("nobody", "nobody " * 140) * 750)
    assert 900_000 < len(text) < 1_000_000
    assert len(spec(tree(proposal=PROPOSAL, delta=text)).criteria) == 1_500
    large = read(tree(proposal=PROPOSAL, delta=delta(added="x" * 1_100_000)))
    assert ("SB002", "specs/login/spec.md", 1) in told(large)
