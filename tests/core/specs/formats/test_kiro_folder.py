"""A folder of `.kiro/specs` as one spec: its files, its title, what is context, and approvals that decide nothing."""

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.compare import Change, compare
from bot.core.specs.formats import kiro
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Complement, ProofKind, ProofWish, SpecFormat, Status
from bot.core.specs.tree import TreePaths
from tests.core.specs.formats.kiro_writing import (
    BUGFIX,
    CONFIG,
    FOLDER,
    PLACE,
    REQUIREMENTS,
    TASKS,
    Files,
    findings,
    folder,
    read,
    spec,
    told,
    wanted,
)

DESIGN = "# Design\n\n## Overview\n\nA reader and a limit.\n\n### Goals\n\nRows.\n\n### Non-Goals\n\n- spreadsheets\n\n## Architecture\n\n```mermaid\na\n"
APPROVED = (
    '{"approvals": {"requirements": {"approved": true}, "design": {"approved": true}, "tasks": {"approved": true}}}'
)


def steering(text: str, name: str = "tech") -> Files:
    return {f".kiro/steering/{name}.md": text.encode()}


def test_all_files_of_the_folder_are_one_spec() -> None:
    files = folder(requirements=REQUIREMENTS, design=DESIGN, tasks=TASKS, research="# Notes\n", spec=APPROVED)
    found = spec(files | steering("# Tech\n"))
    assert (found.path, found.format, found.status) == (FOLDER, SpecFormat.KIRO, Status.READY)
    assert found.files == (
        f"{FOLDER}/requirements.md",
        f"{FOLDER}/tasks.md",
        f"{FOLDER}/design.md",
        ".kiro/steering/tech.md",
        f"{FOLDER}/research.md",
        f"{FOLDER}/spec.json",
    )
    assert read(files | steering("# Tech\n")).files == found.files
    assert [document.path.rpartition("/")[2] for document in found.more] == [
        "tasks.md",
        "design.md",
        "tech.md",
        "research.md",
    ]
    assert found.text.startswith("# Requirements Document")
    assert told(files) == []


def test_other_files_are_not_wanted() -> None:
    files = folder(requirements=REQUIREMENTS) | {f"{FOLDER}/brief.md": b"x", f"{FOLDER}/docs/design.md": b"x"}
    other = (
        {".kiro/specs/other/requirements.md": b"x", ".kiro/hooks/a.md": b"x"}
        | steering("x")
        | {".kiro/steering/a.png": b""}
    )
    assert wanted(files | other) == (f"{FOLDER}/requirements.md", ".kiro/steering/tech.md")


@pytest.mark.parametrize(
    ("front", "included"),
    [
        ("", True),
        ("---\ninclusion: always\n---\n", True),
        ("---\npriority: 1\n---\n", True),
        ("---\ninclusion: 'always'\n---\n", True),
        ("---\r\ninclusion: always\r\n---\r\n", True),
        ("---\ninclusion: fileMatch\nfileMatchPattern: '*.py'\n---\n", False),
        ("---\ndescription: x\ninclusion: manual\n---\n", False),
        ("inclusion: manual\n", True),
    ],
)
def test_steering_that_is_always_included_is_context(front: str, included: bool) -> None:
    found = spec(folder(requirements=REQUIREMENTS) | steering(f"{front}# Tech\n"))
    assert (".kiro/steering/tech.md" in found.files) is included


def test_intent_context_and_scope_come_from_their_sections() -> None:
    text = REQUIREMENTS + "\n## Out of Scope\n\n- other encodings\n"
    found = spec(folder(requirements=text, design=DESIGN))
    assert found.intent == "Editors retype lists that they already have."
    assert found.context == "- **Importer**: what reads the file.\n\nA reader and a limit.\n\n### Goals\n\nRows."
    assert found.out_of_scope == "- other encodings\n\n- spreadsheets"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# Requirements Document", "Csv import"),
        ("# Requirements", "Csv import"),
        ("# Bugfix Requirements Document", "Csv import"),
        ("# 要件定義書", "Csv import"),
        ("# Requirements Document: Lists of rows", "Lists of rows"),
        ("# 要件定義書：一覧", "一覧"),
        ("# Lists of rows", "Lists of rows"),
        ("# Introduction", "Csv import"),
        ("", "Csv import"),
    ],
)
def test_the_title_is_the_heading_or_the_folders_name(heading: str, title: str) -> None:
    text = REQUIREMENTS.replace("# Requirements Document\n", f"{heading}\n")
    assert spec(folder(requirements=text)).title == title


def test_a_folder_without_requirements_is_told_on_a_file_that_is_there() -> None:
    assert told(folder(tasks=TASKS)) == [("SB501", "tasks.md", 1)]
    assert told({f"{FOLDER}/docs/brief.md": b"x"}) == [("SB501", "brief.md", 1)]
    assert told(folder(spec="{}")) == [("SB501", "spec.json", 1)]


def test_files_that_cannot_be_read_are_told_and_never_taken_for_missing() -> None:
    assert told(folder(requirements=b"\xff")) == [("SB001", "requirements.md", 1)]
    assert told(folder(requirements=b"\xff", bugfix=BUGFIX)) == [("SB001", "requirements.md", 1)]
    assert told(folder(bugfix=b"a\n\0")) == [("SB001", "bugfix.md", 2)]
    assert told(folder(requirements=REQUIREMENTS, tasks=b"\xff")) == [("SB001", "tasks.md", 1)]
    assert told(folder(requirements=REQUIREMENTS) | {".kiro/steering/a.md": b"\xff"}) == [("SB001", "a.md", 1)]


def test_front_matter_says_what_the_format_cannot() -> None:
    front = '---\nstatus: draft\nscope: [app/**]\nproofs:\n  "1.1": make rows\n  "1.2": {accept: true}\n  "9.9": make x\n---\n'
    files = folder(requirements=front + REQUIREMENTS)
    found = spec(files)
    assert (found.status, found.scope) == (Status.DRAFT, ("app/**",))
    assert [c.kind for c in found.criteria] == [ProofKind.CHANGE, ProofKind.ACCEPT, ProofKind.NONE]
    assert told(files) == [("SB504", "requirements.md", 7)]


def test_configuration_says_it_too_and_a_mark_in_the_item_goes_before() -> None:
    config = RepositoryConfig(
        foreign=(
            Complement(
                ".kiro/specs/**",
                proofs=(ProofWish("1.1", ProofKind.CHANGE, ("make",)), ProofWish("1.2", ProofKind.KEEP, ("make",))),
            ),
        )
    )
    text = REQUIREMENTS.replace("2. IF", "2. (accept) IF")
    assert [c.kind for c in spec(folder(requirements=text), config).criteria] == [
        ProofKind.CHANGE,
        ProofKind.ACCEPT,
        ProofKind.NONE,
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (
            '{"approvals": {"tasks": {"approved": false}}}',
            1,
            "Tasks are not approved in `spec.json`. That decides nothing here.",
        ),
        (
            '{\n "approvals": {\n  "requirements": {"approved": true},\n  "design": {"generated": true},\n  "tasks": {}\n }\n}',
            4,
            "Design is not approved in `spec.json`; tasks are not approved in `spec.json`. That decides nothing here.",
        ),
        (
            '{\n"phase": "x",\n"ready_for_implementation": true}',
            3,
            "`spec.json` says that the spec is ready for implementation. That decides nothing here.",
        ),
        ("{\n nothing", 2, "This file is no JSON and is not read; it would decide nothing here."),
        ("", 1, "This file is no JSON and is not read; it would decide nothing here."),
        ("[" * 60_000, 1, "This file is nested too deeply to be read; it would decide nothing here."),
        ("9" * 10_000, 1, "This file is no JSON and is not read; it would decide nothing here."),
        (" " * 70_000, 1, "This file has 70,001 characters and is not read; it would decide nothing here."),
    ],
)
def test_approvals_are_read_and_not_obeyed(text: str, line: int, words: str) -> None:
    files = folder(requirements=REQUIREMENTS, spec=text)
    [finding] = findings(files, "SB505")
    assert (finding.position.path, finding.position.line) == (f"{FOLDER}/spec.json", line)
    assert finding.message == words
    assert spec(files).status is Status.READY


@pytest.mark.parametrize(
    "text",
    [
        APPROVED,
        "{}",
        "[]",
        "null",
        '{"approvals": 3}',
        '{"approvals": {"tasks": []}}',
        '{"ready_for_implementation": false}',
    ],
)
def test_where_nothing_stands_between_nothing_is_said(text: str) -> None:
    assert told(folder(requirements=REQUIREMENTS, spec=text)) == []


def test_approvals_are_no_part_of_what_is_demanded() -> None:
    one = spec(folder(requirements=REQUIREMENTS, spec=APPROVED))
    two = spec(folder(requirements=REQUIREMENTS, spec="{}"))
    assert one.digest == two.digest
    assert one.digest != spec(folder(requirements=REQUIREMENTS + "\n", spec="{}")).digest


def test_the_base_is_the_same_folder() -> None:
    head = spec(folder(requirements=REQUIREMENTS.replace("10,000", "20,000")))
    base = kiro.before(PLACE, head, folder(requirements=REQUIREMENTS), CONFIG)
    assert base is not None
    assert [c.change for c in compare(head, base).criteria] == [Change.UNCHANGED, Change.UNCHANGED, Change.CHANGED]
    assert kiro.before(PLACE, None, folder(requirements=REQUIREMENTS), CONFIG) == base
    assert kiro.before(PLACE, head, steering("# Tech\n"), CONFIG) is None
    assert kiro.before(PLACE, head, folder(tasks=TASKS), CONFIG) is None


def test_another_folder_is_another_spec() -> None:
    place = SpecPlace(".kiro/specs/other", SpecFormat.KIRO)
    files = {".kiro/specs/other/requirements.md": REQUIREMENTS.encode()} | folder(requirements="# X\n")
    found = kiro.read(place, {name: files[name] for name in kiro.wanted(place, TreePaths.of(files))}, CONFIG).spec
    assert found is not None
    assert (found.title, len(found.criteria), found.criteria[0].name) == ("Other", 3, ".kiro/specs/other#1.1")
