"""A spec-kit folder as one spec: its files, its prose, its questions."""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats import speckit
from bot.core.specs.formats.speckit.folder import CONSTITUTION, MAX_CONTEXT_BYTES
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Complement, ProofKind, ProofWish, Severity, SpecFormat, Status
from bot.core.specs.source import MAX_PER_RULE
from bot.core.specs.tree import TreePaths
from tests.core.specs.formats.speckit_writing import (
    FOLDER,
    GOOD_PLAN,
    GOOD_SPEC,
    GOOD_TASKS,
    PLACE,
    PLAN,
    SPEC,
    TASKS,
    linted,
    read,
    spec_of,
    told,
)


def test_a_good_folder_is_read_whole_and_nothing_is_said() -> None:
    reading = read(GOOD_SPEC, GOOD_TASKS, GOOD_PLAN)
    assert reading.findings == ()
    assert reading.files == (SPEC, PLAN, TASKS)
    spec = spec_of(reading)
    assert (spec.path, spec.title, spec.format, spec.status) == (
        FOLDER,
        "Note export",
        SpecFormat.SPECKIT,
        Status.READY,
    )
    assert [str(c.criterion_id) for c in spec.criteria] == ["US1.1", "US1.2", "US2.1", "FR-001", "FR-002", "SC-001"]
    assert [str(t.task_id) for t in spec.tasks] == [f"T00{n}" for n in range(1, 9)] + ["T1009"]
    assert spec.text == GOOD_SPEC
    assert [document.path for document in spec.more] == [PLAN, TASKS]


def test_the_prose_goes_where_it_belongs() -> None:
    spec = spec_of(read(GOOD_SPEC, GOOD_TASKS, GOOD_PLAN))
    assert spec.intent.startswith(
        "people want their notes out of the app\n\nUser Story 1 - Export my notes (Priority: P1)"
    )
    assert "A person takes all notes along." in spec.intent
    assert "Why this priority" not in spec.intent
    assert "Given" not in spec.intent
    for words in (
        "- What happens to a notebook",
        "**Note**: a title",
        "- Notes are plain text.",
        "Python 3.12",
        "Stream rows",
    ):
        assert words in spec.context
    assert "Nothing to see" not in spec.context
    assert spec.constraints == ("no new dependency",)
    assert spec.out_of_scope == "Pictures."


def test_a_section_on_constraints_comes_before_the_plan() -> None:
    spec = spec_of(read(GOOD_SPEC + "\n## Constraints\n\n- No network.\n- Python only.\n\nAnd calm.\n", plan=GOOD_PLAN))
    assert spec.constraints == ("No network.", "Python only.", "And calm.", "no new dependency")


def test_titles_are_told_from_what_stands_before_them() -> None:
    for line, title in [
        ("# Feature Specification: Note export", "Note export"),
        ("# Feature Spec 001: Event Discovery & RSVP", "Event Discovery & RSVP"),
        ("# Specification - Login", "Login"),
        ("# Note export", "Note export"),
        ("# Special offers: autumn", "Special offers: autumn"),
        ("# Feature Specification: [FEATURE NAME]", "014-note-export"),
        ("Nothing", "014-note-export"),
    ]:
        assert spec_of(read(f"{line}\n\n## Requirements\n\n- **FR-001**: a\n")).title == title


def test_a_folder_without_spec_md_is_told_and_one_without_the_others_is_not() -> None:
    missing = read("", GOOD_TASKS)
    assert missing.spec is None
    assert [(f.rule, f.position.path) for f in missing.findings] == [("SB501", TASKS)]
    assert read(GOOD_SPEC).findings == ()


def test_a_spec_md_that_cannot_be_read_is_told_as_itself() -> None:
    reading = read(b"# A\n\xff\n", GOOD_TASKS)
    assert reading.spec is None
    assert told(reading) == [("SB001", 2)]


def test_the_files_wanted_are_those_that_say_what_to_do() -> None:
    tree = TreePaths.of(
        [
            *(f"{FOLDER}/{name}" for name in ("spec.md", "plan.md", "tasks.md", "research.md", "contracts/api.md")),
            *(f"{FOLDER}/{name}" for name in ("contracts/api.ts", "checklists/requirements.md", "notes.md")),
            CONSTITUTION,
            "specs/015-other/spec.md",
        ]
    )
    assert speckit.wanted(PLACE, tree) == (
        SPEC,
        PLAN,
        TASKS,
        f"{FOLDER}/research.md",
        f"{FOLDER}/contracts/api.md",
        CONSTITUTION,
    )


def test_what_is_read_along_is_small_and_written_by_somebody() -> None:
    files = {
        SPEC: GOOD_SPEC.encode(),
        f"{FOLDER}/research.md": b"# Research\n",
        f"{FOLDER}/data-model.md": b"x" * (MAX_CONTEXT_BYTES + 1),
        f"{FOLDER}/contracts/api.md": b"# API\n",
        CONSTITUTION: b"# [PROJECT_NAME] Constitution\n",
    }
    assert speckit.read(PLACE, files, RepositoryConfig()).files == (
        SPEC,
        f"{FOLDER}/research.md",
        f"{FOLDER}/contracts/api.md",
    )
    files[CONSTITUTION] = b"<!-- Sync Impact Report -->\n# Constitution\n\nKeep it simple.\n"
    reading = speckit.read(PLACE, files, RepositoryConfig())
    assert reading.files[-1] == CONSTITUTION
    assert reading.findings == ()
    assert "Sync" not in spec_of(reading).more[-1].text


def test_the_base_is_the_same_folder() -> None:
    files = {SPEC: GOOD_SPEC.encode(), TASKS: GOOD_TASKS.encode()}
    before = speckit.before(PLACE, None, files, RepositoryConfig())
    assert before == spec_of(read(GOOD_SPEC, GOOD_TASKS))
    assert speckit.before(PLACE, before, {TASKS: b"# Tasks\n"}, RepositoryConfig()) is None


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    plain, dressed = (
        spec_of(read(GOOD_SPEC, GOOD_TASKS, GOOD_PLAN)),
        spec_of(
            read(
                *(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for text in (GOOD_SPEC, GOOD_TASKS, GOOD_PLAN))
            )
        ),
    )
    assert (dressed.criteria, dressed.tasks, dressed.intent) == (plain.criteria, plain.tasks, plain.intent)


def test_a_missing_status_and_any_other_status_mean_nothing() -> None:
    for status in ("Draft", "Implemented (web); FR-009 put off", "Complete"):
        text = GOOD_SPEC.replace("**Created**", f"**Status**: {status}\n**Created**")
        assert spec_of(read(text)).status is Status.READY
        assert read(text).findings == ()


def test_open_questions_block_at_their_place() -> None:
    text = GOOD_SPEC.replace("escape commas.", "use [NEEDS CLARIFICATION: which encoding?] and [NEEDS CLARIFICATION].")
    found = [f for f in read(text).findings if f.rule == "SB502"]
    line = text.split("\n").index(next(row for row in text.split("\n") if "NEEDS" in row)) + 1
    assert [(f.position.line, f.position.column) for f in found] == [(line, 36), (line, 79)]
    assert found[0].severity is Severity.ERROR
    assert "which encoding?" in found[0].message
    assert read(text).blocked


def test_marks_in_code_and_talk_about_marks_are_no_questions() -> None:
    text = (
        GOOD_SPEC
        + """
## Review & Acceptance Checklist

### Requirement Completeness

- [ ] No [NEEDS CLARIFICATION] markers remain

## Notes

`[NEEDS CLARIFICATION: a]` is how to ask.

```
[NEEDS CLARIFICATION: b]
```

    [NEEDS CLARIFICATION: c]

<!-- [NEEDS CLARIFICATION: d] -->
"""
    )
    assert [rule for rule, _ in told(read(text))] == ["SB404"]


def test_many_questions_are_counted_not_listed() -> None:
    text = GOOD_SPEC + "\n## Notes\n\n" + "[NEEDS CLARIFICATION: a]\n\n" * 500
    found = [f for f in read(text).findings if f.rule == "SB502"]
    assert len(found) == MAX_PER_RULE + 1
    assert found[-1].message.startswith("480 more")


def test_the_template_of_old_is_read_too() -> None:
    text = """\
# Feature Specification: Tags

## User Scenarios & Testing

### Primary User Story
People tag notes.

### Acceptance Scenarios
1. **Given** a note, **When** I add a tag, **Then** it shows.
2. **Given** a tag, **When** I remove it, **Then** it is gone.

## Requirements

### Functional Requirements
- **FR-001**: Tags MUST be kept.

## Review & Acceptance Checklist

- [ ] **FR-009**: not one of ours
"""
    spec = spec_of(read(text))
    assert [str(c.criterion_id) for c in spec.criteria] == ["US1.1", "US1.2", "FR-001"]
    assert spec.intent == "People tag notes."
    assert read(text).findings == ()


def test_front_matter_and_configuration_say_what_the_format_cannot() -> None:
    text = "---\nscope: [src/**]\nproofs: {FR-001: pytest -q, US1.1: {accept: true}}\n---\n" + GOOD_SPEC
    spec = spec_of(read(text))
    kinds = {str(c.criterion_id): c.kind for c in spec.criteria}
    assert spec.scope == ("src/**",)
    assert (kinds["FR-001"], kinds["US1.1"], kinds["FR-002"]) == (ProofKind.CHANGE, ProofKind.ACCEPT, ProofKind.NONE)
    wish = Complement("specs/0*", proofs=(ProofWish("SC-001", ProofKind.KEEP, ("make bench",)),))
    files = {SPEC: GOOD_SPEC.encode()}
    configured = speckit.read(PLACE, files, RepositoryConfig(foreign=(wish,))).spec
    assert configured is not None
    assert [c.kind for c in configured.criteria][-1] is ProofKind.KEEP


def test_a_key_of_the_front_matter_is_found_in_the_main_file() -> None:
    reading = read("---\nscope: [src/**, ../other/**]\ndepends: [specs/nothing.md]\n---\n" + GOOD_SPEC, GOOD_TASKS)
    found = lint(reading, LintContext(frozenset({SPEC, TASKS}), RepositoryConfig()))
    places = {f.rule: (f.position.path, f.position.line) for f in found if f.rule in ("SB122", "SB105")}
    assert places == {"SB122": (SPEC, 2), "SB105": (SPEC, 3)}


def test_a_fence_that_is_never_closed_is_told_in_its_file() -> None:
    reading = read(GOOD_SPEC, GOOD_TASKS + "\n```\n- [ ] T900 swallowed\n")
    assert told(reading, "tasks.md") == [("SB006", GOOD_TASKS.count("\n") + 2)]
    assert "T900" not in {task.task_id for task in spec_of(reading).tasks}


def test_what_the_linter_says_stands_in_the_folders_files() -> None:
    empty = read("# Feature Specification: A\n\nProse.\n", GOOD_TASKS)
    assert ("SB101", "spec.md", 1) in linted(empty)
    secret = read(GOOD_SPEC, GOOD_TASKS + "\nToken: ghp_" + "a1" * 20 + "\n")
    assert ("SB406", "tasks.md", GOOD_TASKS.count("\n") + 2) in linted(secret)
    good = {rule for rule, _, _ in linted(read(GOOD_SPEC, GOOD_TASKS, GOOD_PLAN))}
    assert good <= {"SB104", "SB204"}
