"""Deltas of all four kinds, laid over the living spec as OpenSpec's own tool does it."""

import pytest

from tests.core.specs.formats.openspec_writing import (
    ACTIVE,
    CHANGE,
    DELTA,
    IDLE,
    LIFETIME,
    LIVING,
    LOCKING,
    PROPOSAL,
    delta,
    errors,
    ids,
    living,
    read,
    requirement,
    scenario,
    spec,
    told,
    tree,
)

WHERE = "`openspec/specs/login/spec.md`"
GONE = "### Requirement: Locking\n**Reason**: doors are gone\n**Migration**: none\n"
RENAMED = "- FROM: `### Requirement: Login lifetime`\n- TO: `### Requirement: Idle logins`\n"
IDS = ["login/login-lifetime/idle-user", "login/login-lifetime/active-user"]


def change(delta_text: str, *stands: str, metadata: str = "") -> dict[str, bytes]:
    """A change with one delta; `stands` are the living spec's requirements, none for no living spec."""
    files = tree(proposal=PROPOSAL, delta=delta_text, metadata=metadata)
    return files | (tree(living=living(*stands)) if stands else {})


def faults(delta_text: str, *stands: str) -> list[str]:
    return errors(read(change(delta_text, *stands)))


def test_a_delta_of_all_four_kinds() -> None:
    more = scenario("Asleep", "nobody is there", "the login ends")
    stays = requirement("Greeting", "It MUST greet.", scenario("Morning", "it is 8", "it says hello"))
    text = delta(
        added=requirement("Farewell", "It MUST part.", scenario("Evening", "it is 20", "it says goodbye")),
        modified=requirement("Idle logins", "The service MUST end idle logins.", IDLE, ACTIVE, more),
        removed=GONE,
        renamed=RENAMED + "- FROM: `### Requirement: Greeting`\n- TO: `### Requirement: Hello`\n",
    )
    reading = read(change(text, LIFETIME, LOCKING, stays))
    assert reading.findings == ()
    assert reading.spec is not None
    assert ids(reading.spec) == [
        "login/farewell/evening",
        "login/idle-logins/idle-user",
        "login/idle-logins/active-user",
        "login/idle-logins/asleep",
        "login/hello/morning",
    ]
    renamed = reading.spec.criteria[-1]
    assert renamed.text == "It MUST greet.\nMorning:\nWHEN it is 8\nTHEN it says hello"
    assert (renamed.position.path, renamed.position.line) == (
        DELTA,
        text.split("\n").index("- TO: `### Requirement: Hello`") + 1,
    )


def test_headings_of_deltas_are_told_whatever_their_case() -> None:
    assert ids(spec(change("##  added requirements\n" + LIFETIME))) == IDS
    assert ids(spec(change("## Added Requirements  \n" + LIFETIME))) == IDS


@pytest.mark.parametrize(
    "heading",
    ["## ADDED", "### ADDED Requirements", "## ADED Requirements", "## Added requirement:", "# ADDED Requirements"],
)
def test_headings_that_nearly_are_a_delta_s_are_told(heading: str) -> None:
    reading = read(change(f"{heading}\n{LIFETIME}"))
    (near,) = (f for f in reading.findings if f.rule == "SB017")
    assert (near.position.line, near.hint) == (1, "Did you mean `## ADDED Requirements`?")
    assert errors(reading) == ["SB508 This file changes nothing. It has none of the sections of a delta."]


def test_a_section_that_stands_twice_is_an_error_because_one_is_not_read_by_openspec() -> None:
    text = delta(added=LIFETIME) + "\n" + delta(added=LOCKING)
    reading = read(change(text))
    assert errors(reading) == [
        "SB007 The section `## ADDED Requirements` stands on line 1 already, and OpenSpec reads only one of them."
    ]
    assert len(spec(change(text)).criteria) == 3


def test_a_delta_without_requirements_is_an_error() -> None:
    assert faults("## ADDED Requirements\n\nLater.\n") == [
        "SB508 This file changes nothing. Its sections hold no requirement."
    ]
    assert faults("# Login\n") == ["SB508 This file changes nothing. It has none of the sections of a delta."]


def test_what_is_added_may_not_be_there_unless_it_was_carried_over_word_for_word() -> None:
    text = delta(added=LIFETIME)
    assert faults(text, LOCKING) == []
    assert faults(text, LOCKING, LIFETIME) == []
    other = LIFETIME.replace("401", "403")
    assert faults(text, other) == [f"SB508 “Login lifetime” is added, and {WHERE} has it already, in other words."]
    assert faults(text, LIFETIME.replace("Login lifetime", "login lifetime")) == []


def test_what_is_modified_must_be_there() -> None:
    text = delta(modified=LIFETIME)
    assert faults(text, LIFETIME) == []
    missing = [f"SB508 “Login lifetime” is modified, and {WHERE} does not have it."]
    assert faults(text) == missing
    assert faults(text, LOCKING) == missing
    near = read(change(text, LIFETIME.replace("Login lifetime", "Login  Lifetime")))
    assert errors(near) == missing
    assert near.findings[0].hint == "Did you mean “Login  Lifetime”?"


def test_what_is_removed_says_why_and_what_to_do_instead() -> None:
    assert read(change(delta(removed=GONE), LOCKING, LIFETIME)).findings == ()
    silent = read(change(delta(removed="### Requirement: Locking\n- Reason: doors are gone\n"), LOCKING, LIFETIME))
    assert [(f.rule, f.message) for f in silent.findings] == [("SB511", "“Locking” is removed without its migration.")]
    bullets = (
        "- `### Requirement: Locking`\n  - **Reason:** a\n  - **Migration:** b\n- ### Requirement: Login lifetime\n"
    )
    both = read(change(delta(removed=bullets), LOCKING, LIFETIME))
    assert [(f.rule, f.position.line) for f in both.findings] == [("SB511", 6), ("SB511", 6)]
    assert [f.message for f in both.findings] == [
        "“Login lifetime” is removed without its migration.",
        "“Login lifetime” is removed without its reason.",
    ]


def test_what_is_removed_and_not_there_was_taken_out_or_is_misspelt() -> None:
    text = delta(removed=GONE)
    reading = read(change(text, LIFETIME))
    assert [(f.rule, f.message) for f in reading.findings] == [
        ("SB504", f"“Locking” is removed, and {WHERE} does not have it.")
    ]
    assert faults(text) == [f"SB508 “Locking” is removed, and there is no {WHERE}."]
    assert errors(read(change(text, metadata="retire_capabilities: true"))) == []
    assert faults(text, LOCKING.replace("Locking", "LOCKING")) == [
        f"SB508 “Locking” is removed, and {WHERE} does not have it."
    ]


def test_other_bullets_under_removed_are_told() -> None:
    text = delta(removed="* `### Requirement: Locking`\n" + GONE)
    assert ("SB014", "specs/login/spec.md", 3) in told(read(change(text, LOCKING, LIFETIME)))


def test_a_renamed_requirement_must_be_there_and_its_new_name_free() -> None:
    text = delta(renamed=RENAMED)
    assert faults(text, LIFETIME) == []
    missing = f"SB508 “Login lifetime” is renamed, and {WHERE} does not have it."
    assert faults(text) == [missing]
    assert faults(text, LOCKING) == [missing]
    new = LIFETIME.replace("Login lifetime", "Idle logins")
    assert faults(text, new) == []
    assert faults(text, new, LIFETIME.replace("Login lifetime", "login lifetime")) == [missing]
    assert faults(text, LIFETIME, new) == [
        f"SB508 “Login lifetime” is renamed to “Idle logins”, which {WHERE} has already."
    ]


def test_names_may_be_passed_on() -> None:
    chain = RENAMED.replace("Idle logins", "B").replace("Login lifetime", "Locking") + RENAMED.replace(
        "Idle logins", "Locking"
    )
    found = read(change(delta(renamed=chain), LIFETIME, LOCKING))
    assert found.findings == ()
    assert found.spec is not None
    assert ids(found.spec) == ["login/b/wrong-key", "login/locking/idle-user", "login/locking/active-user"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("- FROM: `### Requirement: Locking`\n", "This FROM has no TO after it, so nothing is renamed."),
        ("- TO: `### Requirement: Keys`\n", "This TO has no FROM before it, so nothing is renamed."),
        ("- From: `### Requirement: Locking`\n", "This line of a renaming is not read, so nothing is renamed."),
        ("- **TO:** Keys\n", "This line of a renaming is not read, so nothing is renamed."),
    ],
)
def test_renamings_that_are_not_read_are_errors(lines: str, said: str) -> None:
    reading = read(change(delta(renamed=RENAMED + lines), LIFETIME, LOCKING))
    assert [(f.rule, f.message, f.position.line) for f in reading.findings] == [("SB508", said, 5)]


def test_a_modified_requirement_keeps_its_scenarios() -> None:
    text = delta(
        modified=requirement("Login lifetime", "It MUST.", scenario("Active user", "somebody types", "it stays"))
    )
    reading = read(change(text, LIFETIME))
    assert told(reading) == [("SB507", "specs/login/spec.md", 3)]
    assert errors(reading) == ["SB507 The modified “Login lifetime” loses its scenario “Idle user”."]
    labelled = LIFETIME.replace("#### Scenario: Idle user", "#### Idle user ##")
    assert faults(delta(modified=labelled), LIFETIME) == []
    assert faults(delta(modified=LIFETIME.replace("Idle user", "idle user")), LIFETIME) == errors(reading)


def test_scenarios_are_counted_when_two_have_one_name() -> None:
    twice = requirement("Login lifetime", "It MUST.", IDLE, IDLE)
    found = faults(delta(modified=requirement("Login lifetime", "It MUST.", IDLE)), twice)
    assert found == ["SB507 The modified “Login lifetime” loses its scenario “Idle user”."]


def test_a_renamed_requirement_may_be_modified_under_its_new_name() -> None:
    new = LIFETIME.replace("Login lifetime", "Idle logins")
    assert faults(delta(renamed=RENAMED, modified=new), LIFETIME) == []
    less = requirement("Idle logins", "It MUST.", IDLE)
    assert faults(delta(renamed=RENAMED, modified=less), LIFETIME) == [
        "SB507 The modified “Idle logins” loses its scenario “Active user”."
    ]
    old = read(change(delta(renamed=RENAMED, modified=LIFETIME), LIFETIME))
    assert errors(old) == ["SB508 “Login lifetime” is modified under the name that it loses."]


def test_a_delta_says_one_thing_of_a_requirement() -> None:
    both = delta(modified=LOCKING, added=LOCKING, removed=GONE)
    assert {fault for fault in faults(both, LOCKING) if "SB508" in fault} == {
        "SB508 “Locking” is both modified and added.",
        "SB508 “Locking” is both removed and modified.",
        "SB508 “Locking” is both removed and added.",
    }
    name = LOCKING.replace("Locking", "Idle logins")
    assert "SB508 “Idle logins” is both added and the new name of another." in faults(
        delta(renamed=RENAMED, added=name), LIFETIME
    )
    away = GONE.replace("Locking", "login lifetime")
    assert "SB508 “login lifetime” is both removed and renamed." in faults(
        delta(renamed=RENAMED, removed=away), LIFETIME
    )


def test_a_requirement_is_named_once_in_each_section() -> None:
    assert faults(delta(added=LOCKING + LOCKING))[0].startswith(
        "SB007 The requirement “Locking” stands on line 3 already."
    )
    assert faults(delta(removed=GONE + GONE), LOCKING) == [
        "SB007 The requirement “Locking” is removed on line 3 already."
    ]
    twice = RENAMED + RENAMED.replace("Idle logins", "Others")
    assert "SB007 The requirement “Login lifetime” is renamed on line 4 already." in faults(
        delta(renamed=twice), LIFETIME
    )


def test_a_living_spec_that_cannot_be_read_is_told_once_and_the_delta_is_read_alone() -> None:
    files = change(delta(modified=LIFETIME, added=LOCKING)) | {LIVING: b"\xff"}
    reading = read(files)
    assert errors(reading) == [f"SB508 {WHERE} cannot be read, so nothing says whether this delta fits it."]
    assert reading.spec is not None
    assert len(reading.spec.criteria) == 3


def test_every_fault_of_a_requirement_is_told_in_a_delta_too() -> None:
    text = delta(added="### Requirement: A\nIt shall.\n", modified="### Notes\n" + LIFETIME)
    assert told(read(change(text, LIFETIME))) == [
        ("SB506", "specs/login/spec.md", 3),
        ("SB510", "specs/login/spec.md", 3),
        ("SB512", "specs/login/spec.md", 9),
    ]


def test_files_below_specs_that_are_no_delta_are_told() -> None:
    files = change(delta(added=LOCKING)) | {
        f"{CHANGE}/specs/spec.md": delta(added=LIFETIME).encode(),
        f"{CHANGE}/specs/login/more.md": IDLE.encode(),
        f"{CHANGE}/specs/README.md": b"# Read this first\n",
        f"{CHANGE}/specs/.old/login/spec.md": b"#### Scenario: A\n",
    }
    assert told(read(files)) == [
        ("SB014", "specs/login/more.md", 1),
        ("SB508", "specs/spec.md", 1),
        ("SB014", "specs/spec.md", 3),
        ("SB014", "specs/spec.md", 6),
        ("SB014", "specs/spec.md", 10),
    ]
