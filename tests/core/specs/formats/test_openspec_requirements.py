"""Requirements and scenarios as OpenSpec's own tool reads them, each scenario a criterion."""

import pytest

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.model import Clause, Complement, ProofKind, ProofWish
from tests.core.specs.formats.openspec_writing import (
    CHANGE,
    IDLE,
    LIFETIME,
    LIVING,
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


def criteria_in(text: str) -> list[tuple[str, str]]:
    return [(one.criterion_id, one.text) for one in spec(tree(living=text), LIVING).criteria]


def test_a_scenario_is_a_criterion_that_says_its_requirement_too() -> None:
    files = tree(living=living(LIFETIME))
    assert read(files, LIVING).findings == ()
    first, second = spec(files, LIVING).criteria
    assert first.criterion_id == "login/login-lifetime/idle-user"
    assert first.name == f"{LIVING}#login/login-lifetime/idle-user"
    assert first.text == (
        "The service MUST end idle logins.\nIdle user:\nWHEN nobody types for 30 minutes\nTHEN the next call answers 401"
    )
    assert first.clause == Clause("WHEN nobody types for 30 minutes", "the next call answers 401")
    assert (first.kind, first.commands) == (ProofKind.NONE, ())
    assert (first.position.path, first.position.line, first.position.end_line) == (LIVING, 11, 13)
    assert second.criterion_id == "login/login-lifetime/active-user"


def test_a_criterion_is_the_same_in_a_change_and_in_the_living_spec_however_its_words_are_wrapped() -> None:
    wrapped = LIFETIME.replace("end idle", "end\nidle").replace("- **WHEN** nobody", "*   __When:__ nobody\n   ")
    change = spec(tree(delta=delta(added=wrapped), proposal="# X"))
    stands = spec(tree(living=living(LIFETIME)), LIVING)
    assert [(c.criterion_id, c.digest) for c in change.criteria] == [
        (c.criterion_id, c.digest) for c in stands.criteria
    ]
    other = spec(tree(living=living(LIFETIME.replace("401", "403"))), LIVING)
    assert other.criteria[0].digest != stands.criteria[0].digest


def test_given_lists_tables_and_code_stay_in_the_text() -> None:
    steps = (
        "#### Scenario: Export\n- **GIVEN** three notes\n- **WHEN** I export\n  as CSV\n- **THEN** I see:\n  - a head\n"
        "  - three rows\n- **AND** it is\n```json\n{\n  \"n\": 3\n}\n```\n"
    )  # fmt: skip
    (found,) = spec(
        tree(living=living(requirement("Export", "It MUST:\n\n1. write\n2. close", steps))), LIVING
    ).criteria
    assert found.text == (
        "It MUST:\n1. write\n2. close\nExport:\nGIVEN three notes\nWHEN I export as CSV\nTHEN I see:\n- a head\n- three rows\n"
        'AND it is\n```json\n{\n  "n": 3\n}\n```'
    )
    assert found.clause is not None
    assert found.clause.trigger == "GIVEN three notes WHEN I export as CSV"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Idle user", "idle-user"),
        ("  Ends -- at `30` min.! ", "ends-at-30-min"),
        ("Straße überqueren", "straße-überqueren"),
        ("u\u0308ber", "über"),
        ("期限切れ １回", "期限切れ-１回"),
        ("हिन्दी में", "हिन्दी-में"),
        ("???", "unnamed"),
        ("x" * 59 + " y z", "x" * 59),
        ("Ends ####", "ends"),
    ],
)
def test_ids_keep_letters_and_digits_of_any_script(name: str, slug: str) -> None:
    text = living(requirement("A", "It MUST.", scenario(name, "a", "b")))
    assert ids(spec(tree(living=text), LIVING)) == [f"login/a/{slug}"]


def test_two_names_with_one_slug_are_numbered_and_one_name_twice_is_told() -> None:
    block = requirement("A b", "It MUST.", *(scenario(name, "a", "b") for name in ("C d", "C, d", "c d", "C d 2")))
    text = living(block, requirement("A-B", "It MUST.", scenario("C", "a", "b")))
    reading = read(tree(living=text), LIVING)
    assert reading.spec is not None
    assert ids(reading.spec) == [
        "login/a-b/c-d",
        "login/a-b/c-d-2",
        "login/a-b/c-d-3",
        "login/a-b/c-d-2-2",
        "login/a-b-2/c",
    ]
    assert reading.findings == ()
    twice = living(requirement("A", "It MUST.", IDLE, IDLE), requirement("A", "It MUST.", scenario("B", "a", "b")))
    assert told(read(tree(living=twice), LIVING)) == [("SB007", LIVING, 15), ("SB007", LIVING, 20)]


def test_any_heading_of_the_fourth_level_is_a_scenario() -> None:
    block = "###requirement:  A ###\nIt MUST.\n####\tEdge case ##\n- it holds\n#### scenario:B\n- **THEN** c\n"
    found = criteria_in(living(block))
    assert [name for name, _ in found] == ["login/a/edge-case", "login/a/b"]
    assert found[0][1] == "It MUST.\nEdge case:\n- it holds"


def test_headings_in_code_are_no_headings() -> None:
    block = "### Requirement: A\nIt MUST.\n```md\n### Requirement: B\n#### Scenario: C\n```\n" + scenario("D", "a", "b")
    found = criteria_in(living(block))
    assert [name for name, _ in found] == ["login/a/d"]
    assert "### Requirement: B" in found[0][1]


def test_a_block_that_is_never_closed_is_an_error_where_it_starts() -> None:
    text = living(LIFETIME, "```\n", requirement("Lost", "It MUST.", IDLE))
    assert told(read(tree(living=text), LIVING)) == [("SB006", LIVING, 20)]


def test_commands_in_a_scenario_prove_it() -> None:
    block = scenario(
        "Idle user", "a", "b", "", "```sh verify", "python -m pytest tests/idle.py", "```", "", "- **AND** c"
    )
    files = tree(living=living(requirement("A", "It MUST.", block, scenario("B", "a", "b", "```keep", "true", "```"))))
    assert read(files, LIVING).findings == ()
    first, second = spec(files, LIVING).criteria
    assert (first.kind, [c.script for c in first.commands]) == (ProofKind.CHANGE, ["python -m pytest tests/idle.py"])
    assert first.commands[0].position.line == 15
    assert first.text.endswith("THEN b\nAND c")
    assert (second.kind, second.commands[0].script) == (ProofKind.KEEP, "true")


def test_commands_elsewhere_and_doubtful_ones_are_told() -> None:
    block = "### Requirement: A\nIt MUST.\n```sh verify\ntrue\n```\n" + scenario(
        "B", "a", "b", "```sh verfy", "x", "```"
    )
    assert told(read(tree(living=living(block)), LIVING)) == [("SB011", LIVING, 10), ("SB015", LIVING, 16)]


@pytest.mark.parametrize(
    "text",
    [
        "#### Scenario: (accept) Calm page\n- **WHEN** a\n- **THEN** b\n",
        "#### Scenario: Calm page\n\n- (accept) **WHEN** a\n- **THEN** b\n",
        "#### Scenario: Calm page\n(Accept) **WHEN** a\n- **THEN** b\n",
    ],
)
def test_a_mark_leaves_a_scenario_to_a_person(text: str) -> None:
    (found,) = spec(tree(living=living(requirement("A", "It MUST.", text))), LIVING).criteria
    assert (found.criterion_id, found.kind) == ("login/a/calm-page", ProofKind.ACCEPT)
    assert found.text == "It MUST.\nCalm page:\nWHEN a\nTHEN b"


def test_a_mark_and_a_command_are_too_much() -> None:
    block = scenario("(accept) B", "a", "b", "```sh verify", "x", "```")
    reading = read(tree(living=living(requirement("A", "It MUST.", block))), LIVING)
    assert errors(reading) == ["SB012 login/a/b has both `accept` and `verify`."]


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("The service shall lock.", "“Locks” says its “shall” or “must” in small letters."),
        ("The service locks.", "“Locks” says neither SHALL nor MUST."),
        ("It SHALLOWS and MUSTARD.", "“Locks” says neither SHALL nor MUST."),
        ("```\nIt MUST.\n```", "“Locks” has no text below its heading."),
        ("**Note**: It MUST.\nIt locks.", "“Locks” says neither SHALL nor MUST."),
    ],
)
def test_a_requirement_says_shall_or_must_in_capitals(statement: str, message: str) -> None:
    reading = read(tree(living=living(requirement("Locks", statement, IDLE))), LIVING)
    assert [(f.rule, f.message, f.position.line) for f in reading.findings] == [("SB506", message, 8)]


def test_metadata_alone_may_oblige_and_a_heading_alone_may_not() -> None:
    assert read(tree(living=living(requirement("A", "**Limit**: It MUST.", IDLE))), LIVING).findings == ()
    text = living("### Requirement: It MUST lock\n\n" + IDLE)
    reading = read(tree(living=text), LIVING)
    assert [f.message for f in reading.findings] == ["“It MUST lock” has no text below its heading."]
    assert reading.spec is not None
    assert reading.spec.criteria[0].text.startswith("It MUST lock\nIdle user:\n")


def test_a_requirement_has_scenarios_and_they_say_something() -> None:
    text = living(requirement("A", "It MUST."), requirement("B", "It MUST.", "#### Scenario: Silent\n"))
    assert told(read(tree(living=text), LIVING)) == [("SB510", LIVING, 8), ("SB008", LIVING, 16)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("### Scenario: Three signs", "scenario"),
        ("##### Scenario: Five signs", "scenario"),
        ("- **Scenario: A bullet**", "scenario"),
        (" #### Scenario: Indented", "scenario"),
        ("### Requirement Without a colon", "requirement"),
        ("### Requirement:", "requirement"),
    ],
)
def test_what_nearly_is_a_requirement_or_a_scenario_is_told(line: str, kind: str) -> None:
    text = living(LIFETIME.rstrip() + f"\n\n{line}\n- **WHEN** a\n")
    found = [(f.rule, f.message) for f in read(tree(living=text), LIVING).findings if f.position.line == 19]
    assert found == [("SB014", f"This looks like a {kind} and is not read as one.")]


def test_requirements_outside_of_their_section_and_sections_of_changes_are_told() -> None:
    text = living(LIFETIME) + "## Notes\n" + LIFETIME + delta(added=LIFETIME)
    reading = read(tree(living=text), LIVING)
    assert ids(spec(tree(living=text), LIVING)) == [
        "login/login-lifetime/idle-user",
        "login/login-lifetime/active-user",
    ]
    assert [rule for rule, _, _ in told(reading)] == ["SB014"] * 3 + ["SB508"] + ["SB014"] * 3


def test_other_headings_among_requirements_are_told_and_end_what_they_follow() -> None:
    text = living("### Group one\n", LIFETIME.rstrip(), "\n### Notes\n\nNot a part of the scenario.\n")
    reading = read(tree(living=text), LIVING)
    assert told(reading) == [("SB512", LIVING, 8), ("SB512", LIVING, 21)]
    assert reading.spec is not None
    assert "Not a part" not in "".join(one.text for one in reading.spec.criteria)


def test_a_living_spec_says_its_purpose_and_takes_front_matter() -> None:
    front = "---\nscope: [src/login/**]\nproofs:\n  login/login-lifetime/idle-user: pytest idle\nowner: kim\n---\n"
    files = tree(living=living(LIFETIME, front=front))
    found = spec(files, LIVING)
    assert (found.title, found.intent, found.scope) == ("Login", "Who is in.", ("src/login/**",))
    assert [(one.kind, [c.script for c in one.commands]) for one in found.criteria] == [
        (ProofKind.CHANGE, ["pytest idle"]),
        (ProofKind.NONE, []),
    ]
    assert told(read(files, LIVING)) == [("SB514", LIVING, 5)]


def test_configuration_proves_criteria_by_their_ids() -> None:
    wish = ProofWish("login/login-lifetime/idle-user", ProofKind.KEEP, ("pytest idle",))
    config = RepositoryConfig(foreign=(Complement("openspec/**", proofs=(wish,)),))
    for files, path in ((tree(living=living(LIFETIME)), LIVING), (tree(delta=delta(added=LIFETIME)), CHANGE)):
        first, second = spec(files, path, config).criteria
        assert (first.kind, second.kind) == (ProofKind.KEEP, ProofKind.NONE)


def test_files_with_other_line_ends_and_a_mark_in_front_are_read() -> None:
    data = b"\xef\xbb\xbf" + living(LIFETIME).replace("\n", "\r\n").encode()
    reading = read({LIVING: data}, LIVING)
    assert reading.findings == ()
    assert reading.spec is not None
    assert ids(reading.spec) == ids(spec(tree(living=living(LIFETIME)), LIVING))


def test_a_living_spec_that_cannot_be_read_is_told() -> None:
    reading = read({LIVING: b"\xff"}, LIVING)
    assert (reading.spec, told(reading), reading.files) == (None, [("SB001", LIVING, 1)], (LIVING,))


def test_a_capability_may_lie_in_folders() -> None:
    path = "openspec/specs/web app/login/spec.md"
    assert ids(spec({path: living(LIFETIME).encode()}, path))[0] == "web-app/login/login-lifetime/idle-user"
