"""Nothing that looks like a criterion, a task, a command, a mark or a key is lost without a word: sloppy specs as people write them."""

import time

import pytest

from bot.core.specs.formats.native import read_native
from bot.core.specs.model import Finding
from bot.core.specs.source import MAX_BYTES

CRITERIA = "# T\n\n## Acceptance criteria\n"
FENCE = "  ```sh verify\n  test -f a\n  ```\n"
FIRST = f"- **AC-1** a\n{FENCE}"
TASKS = f"{CRITERIA}{FIRST}\n## Tasks\n"


def found(text: str) -> tuple[Finding, ...]:
    return read_native("specs/a.md", text.encode()).findings


def told(text: str) -> list[tuple[str, int, int]]:
    return [(f.rule, f.position.line, f.position.column) for f in found(text)]


@pytest.mark.parametrize(
    ("below", "places"),
    [
        ("\n### AC-2: b\n\nIt is b.\n", [("SB019", 9)]),
        ("\n### AC-2 b\n", [("SB019", 9)]),
        ("\n**AC-2** b\n", [("SB019", 9)]),
        ("\nAC-2: b\n", [("SB019", 9)]),
        ("\n| Id | Says |\n| --- | --- |\n| AC-2 | b |\n| **AC-3** | c |\n", [("SB019", 11), ("SB019", 12)]),
        ("\n<ul>\n<li><b>AC-2</b> b</li>\n</ul>\n", [("SB019", 10)]),
        ("\nSo:\n\n    - **AC-2** b\n    - **AC-3** c\n", [("SB019", 11), ("SB019", 12)]),
        ("\nWHEN it is long THE program SHALL cut it.\n", [("SB019", 9)]),
        ("**AC-2** b\n", [("SB019", 8)]),
        ("\n> - **AC-2** b\n", [("SB014", 9)]),
        ("\n## AC-2 b\n\nIt is b.\n", [("SB014", 9)]),
        ("\n-\u00a0**AC-2** b\n", [("SB019", 9)]),
        ("\n\u2022 **AC-2** b\n-**AC-3** c\n", [("SB019", 9), ("SB019", 10)]),
        ("\n```gherkin\nScenario: a\n  Given b\n```\n", [("SB019", 9)]),
        ("\nAC-1 and what follows from it are old.\n\n**AC-1** is the one that counts.\n", []),
        ("\nUTF-8: text is text.\n", []),
        ("\n```text\n- **AC-2** b\n```\n", []),
    ],
)
def test_what_looks_like_a_criterion_and_is_no_item_is_told(below: str, places: list[tuple[str, int]]) -> None:
    assert [(rule, line) for rule, line, _ in told(f"{CRITERIA}{FIRST}{below}")] == places


def test_a_criterion_that_continues_the_one_above_is_told() -> None:
    assert told(f"{CRITERIA}- **AC-1** a\n**AC-2** b\n") == [("SB014", 5, 3)]


def test_a_list_indented_like_code_is_told() -> None:
    assert told(f"{CRITERIA}    - **AC-1** a\n    - **AC-2** b\n") == [("SB019", 4, 9), ("SB019", 5, 9)]


def test_under_another_heading_the_hint_names_it() -> None:
    text = f"# T\n\n## Akzeptanzkriterien\n- **CA-1** a\n{FENCE}\n## Aufgaben\n- [ ] **T-1** b\n"
    stray, command, task = found(text)
    assert (stray.rule, stray.position.line) == ("SB014", 4)
    assert stray.hint.startswith("Call the heading on line 3 `Acceptance criteria`")
    assert (command.rule, command.hint.partition(",")[0]) == (
        "SB011",
        "Put it into the item of the criterion that it proves",
    )
    assert (task.rule, task.position.line) == ("SB020", 10)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("**AC1** a", "**AC-1**"),
        ("**AC 1** a", "**AC-1**"),
        ("**AC–1** a", "**AC-1**"),
        ("[**AC-1**](#x) a", "**AC-1**"),
        ("**AC-1 Cut it** a", "**AC-1**"),
        (":star: **AC-1** a", "**AC-1**"),
        ("<b>AC-1</b> a", "**AC-1**"),
        ("it works", "`**AC-8**`"),
        ("A4 paper fits", "`**AC-8**`"),
    ],
)
def test_the_hint_names_the_id_that_was_meant_or_one_that_is_free(written: str, wanted: str) -> None:
    (finding,) = (f for f in found(f"{CRITERIA}- **AC-7** a\n- {written}\n") if f.rule == "SB009")
    assert wanted in finding.hint


def test_a_group_of_items_is_told_to_be_a_heading() -> None:
    group = found(f"{CRITERIA}- Core\n  - **AC-1** a\n")[0]
    assert (group.rule, group.hint.partition(",")[0]) == ("SB009", "Make it a heading")


@pytest.mark.parametrize(
    ("info", "rule"),
    [
        ("sh,verify", "SB015"),
        ("sh:verify", "SB015"),
        ("{.sh verify}", "SB015"),
        ("verify:", "SB015"),
        ("verfy", "SB015"),
        ('bash title="x" verify', "SB015"),
        ("sh verify keep", "SB012"),
        ("sh", "SB024"),
        ("bash check", "SB024"),
        ("sh verify timeout=5", ""),
        ("sh, verify", ""),
        ("text", ""),
        ("verilog", ""),
        ("json title=keep-alive", ""),
    ],
)
def test_fences_that_are_nearly_commands_are_told(info: str, rule: str) -> None:
    assert [r for r, _, _ in told(f"{CRITERIA}- **AC-1** a\n  ```{info}\n  x\n  ```\n")] == [rule][: len(rule)]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("- **AC-1** a\n  `sh verify pytest -q`\n", 3),
        ("- **AC-1** a\n  ```sh verify pytest -q```\n", 3),
        ("- **AC-1** a, verify: `pytest -q`\n", 15),
    ],
)
def test_commands_among_words_are_told(text: str, column: int) -> None:
    assert [(rule, at) for rule, _, at in told(CRITERIA + text)] == [("SB024", column)]


def test_a_block_that_leaves_its_item_is_told_to_be_indented() -> None:
    first, *_ = found(f"{CRITERIA}- **AC-1** a\n  ```sh verify\ntest -f a\n```\n")
    assert (first.rule, first.position.line) == ("SB006", 5)
    assert first.hint.startswith("Indent its lines and its closing fence")


def test_code_beside_a_command_is_only_shown() -> None:
    assert told(f"{CRITERIA}{FIRST}  ```sh\n  make\n  ```\n- **AC-2** (accept) b\n  ```sh\n  make\n  ```\n") == []


@pytest.mark.parametrize(
    "text",
    ["a (accept)", "a (accept).", "[accept] a", "accept: a", "(accepted) a", "*(accept)* a", "— (accept) a", "(accpet) a", "(manual) a"],
)  # fmt: skip
def test_what_is_nearly_the_mark_is_told(text: str) -> None:
    assert [rule for rule, _, _ in told(f"{CRITERIA}- **AC-1** {text}\n")] == ["SB022"]


@pytest.mark.parametrize(
    "text", ["Accept opens the door.", "`accept` is listed.", "(except Mondays) a", "a (accepts it)"]
)
def test_other_words_are_no_mark(text: str) -> None:
    assert told(f"{CRITERIA}- **AC-1** {text}\n") == []


@pytest.mark.parametrize(
    ("task", "rule", "column"),
    [
        ("a (owns `src/**`; proves AC-1)", "SB021", 18),
        ("a (owns: `src/**`, proves: AC-1)", "SB013", 34),
        ("a [owns: `src/**`]", "SB021", 18),
        ("a (owns: `src/**`).", "SB021", 18),
        ("a owns: `src/**`", "SB021", 17),
        ("a (depends on: T-2)", "SB021", 18),
        ("a after T-2", "SB021", 17),
        ("a （owns: `src/**`）", "SB021", 18),
        ("a (owns: `x`) (proves: AC-1)", "SB013", 24),
        ('a (owns: "src/**")', "SB013", 24),
        ("a (owns: `x` `y`)", "SB013", 24),
        ("a\n  - owns: `src/**`", "SB021", 3),
        ("a\n\n  (owns: `src/**`)", "SB021", 3),
        ("a (owns: src/my file, src/x)", "", 0),
        (r"a \(after: T-2)", "", 0),
        ("Print `owns: x` after the files", "", 0),
        ("Wait after T-9 of the contract", "", 0),
        ("a (files: `src/**`)", "SB021", 18),
        ("Rename two files: a and b", "", 0),
        ("a\n  - files: a and b", "", 0),
    ],
)
def test_details_of_a_task_that_are_none_are_told(task: str, rule: str, column: int) -> None:
    places = [(name, at) for name, _, at in told(f"{TASKS}- [ ] **T-1** {task}\n- [ ] **T-2** b\n")]
    assert places == [(rule, column)][: len(rule)]


@pytest.mark.parametrize(
    ("proves", "advice"),
    [
        ("AC-1 - AC-3", "Name each of them: AC-1, AC-2, AC-3."),
        ("AC-1..AC-3", "Name each of them: AC-1, AC-2, AC-3."),
        ("AC-1 and AC-2", "Part them with commas: AC-1, AC-2."),
        ("**AC-1**", "Write it plain, and name ids of this spec only: AC-1."),
        ("specs/a.md#AC-1", "Write it plain, and name ids of this spec only: AC-1."),
        ("AC1", "Did you mean AC-1?"),
        ("all", "Name each one. Ids look like AC-1 or T-2."),
    ],
)
def test_a_reference_that_is_no_id_is_told_how_to_be_one(proves: str, advice: str) -> None:
    (finding,) = found(f"{TASKS}- [ ] **T-1** a (proves: {proves})\n")
    assert (finding.rule, finding.hint, finding.position.column) == ("SB013", advice, 26)


@pytest.mark.parametrize(
    "below",
    ["### T-1: a\n", "**T-1** a\n", "| Task |\n| --- |\n| T-1 |\n", "- a\n  - [ ] **T-1** b\n"],
)
def test_what_looks_like_a_task_and_is_no_item_is_told(below: str) -> None:
    assert "SB020" in [rule for rule, _, _ in told(TASKS + below)]


KEYS = "scope: [src/**]\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"\n---\n{KEYS}---\n", 3),
        (f"----\n{KEYS}----\n", 2),
        ("+++\nscope = ['src/**']\n+++\n", 2),
        (f"```yaml\n{KEYS}```\n", 2),
        (f"# T\n---\n{KEYS}---\n", 3),
        (f"  ---\n  {KEYS}  ---\n", 2),
        (f"<!-- a -->\n---\n{KEYS}---\n", 3),
        (f"---\n\n{KEYS}\n# T\n", 3),
        (f"{KEYS}\n# T\n", 1),
    ],
)
def test_front_matter_where_none_is_read_is_an_error(text: str, line: int) -> None:
    assert ("SB023", line) in [(rule, at) for rule, at, _ in told(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"---\n{KEYS}---\n# T\n\n---\nstatus: it is fine\n",
        f"---\n{KEYS}# T\n",
        "# T\n\n---\n\nScope: the parser.\n",
        f"# T\n\n```yaml\n---\n{KEYS}---\n```\n",
    ],
)
def test_other_rules_across_the_page_are_none(text: str) -> None:
    assert "SB023" not in [rule for rule, _, _ in told(text)]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("##Acceptance criteria", "## Acceptance criteria"),
        ("**Acceptance criteria**", "## Acceptance criteria"),
        ("Acceptance criteria:", "## Acceptance criteria"),
    ],
)
def test_a_line_that_was_meant_as_a_heading_is_told(line: str, meant: str) -> None:
    finding = found(f"# T\n\n{line}\n\n- **AC-1** a\n")[0]
    assert (finding.rule, finding.position.line, finding.hint) == ("SB017", 3, f"Write it as a heading: `{meant}`.")
    assert finding.fix is not None


@pytest.mark.parametrize(
    "heading", ["3. Acceptance criteria", "✅ Acceptance criteria", "Acceptance-criteria", "Tasks (must)"]
)
def test_a_heading_with_more_around_its_name_is_told(heading: str) -> None:
    assert [rule for rule, _, _ in told(f"# T\n\n## {heading}\n")] == ["SB017"]


def test_a_carriage_return_inside_of_a_line_is_refused() -> None:
    """Left out, it would join what people see on two lines."""
    reading = read_native("specs/a.md", b"# T\n\nab\rcd\n")
    assert (reading.spec, reading.findings[0].rule, reading.findings[0].position.column) == (None, "SB001", 3)
    assert [f.rule for f in read_native("specs/a.md", b"# T\r\r\n\nab\r\n").findings] == ["SB403"]


HOSTILE = {
    "rows": CRITERIA + "|" * MAX_BYTES,
    "openings": CRITERIA + "| **AC-2** a\n" * 8_000,
    "tags": CRITERIA + "<b>" * 300_000,
    "keys": TASKS + "- [ ] **T-1** " + "owns: after T-2 " * 40_000,
    "values": TASKS + "- [ ] **T-1** a (proves: " + "AC-1..AC-2, " * 60_000 + "x)",
    "rules": "---\n\nscope:\n" * 3_000,
    "marks": CRITERIA + "- **AC-1** " + "(accept) a" * 80_000,
    "headings": "## " + "a-" * 400_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_looking_for_what_is_lost_takes_no_longer_than_reading(name: str) -> None:
    data = HOSTILE[name].encode()[:MAX_BYTES]
    started = time.process_time()
    assert len(read_native("specs/a.md", data).findings) <= 200
    assert time.process_time() - started < 5, "a second of one core for a megabyte; five leave room"


@pytest.mark.parametrize(
    ("front", "message", "hint"),
    [
        ("status: Ready", "`status`: must be `draft` or `ready`.", "Did you mean `ready`?"),
        ("status: done", "`status`: must be `draft` or `ready`.", "Correct the value, or remove the key for its default."),
        ("implement: agent", "`implement`: must be `none` or `agents`.", "Correct the value, or remove the key for its default."),
        ("tags: [a]", "Unknown key `tags`.", "Known keys: title, status, scope, keep, budget, depends, removes, implement."),
        ("budget: {mins: 5}", "Unknown key `budget.mins`.", "Did you mean `minutes`?"),
    ],
)  # fmt: skip
def test_front_matter_says_what_was_meant(front: str, message: str, hint: str) -> None:
    finding = found(f"---\n{front}\n---\n{CRITERIA}- **AC-1** a\n")[0]
    assert (finding.message, finding.hint) == (message, hint)


def test_a_colon_in_a_title_is_told_to_need_quotes() -> None:
    finding = found(f"---\ntitle: Cut: long text\n---\n{CRITERIA}- **AC-1** a\n")[0]
    assert (finding.rule, finding.position.line, finding.hint.partition(";")[0]) == (
        "SB003",
        2,
        "A text with `: ` in it needs quotes",
    )
