"""The native format: what a person writes, and what is read from it with its place."""

import time

import pytest

from bot.core.specs.model import BudgetWish, Clause, ProofKind, Reading, Severity, Status
from bot.core.specs.source import MAX_BYTES, MAX_LINES
from bot.ids import CriterionId, TaskId
from tests.core.specs.writing import GOOD, PATH, errors, findings, read, spec, told, with_criteria


def test_a_good_spec_is_read_whole_and_nothing_is_said() -> None:
    reading = read(GOOD)
    assert reading.findings == ()
    found = reading.spec
    assert found is not None
    assert found.title == "Cut long text at a word boundary"
    assert found.status is Status.READY
    assert found.scope == ("src/text/**", "tests/text/**")
    assert [(k.script, k.position.line) for k in found.keep] == [("python -m pytest -q tests", 5)]
    assert found.budget == BudgetWish(usd=2.5, minutes=30)
    assert found.depends == ("specs/0007-unicode.md",)
    assert found.intent == "People read cut words badly."
    assert "cuts anywhere" in found.context
    assert "in a hurry" in found.context
    assert found.constraints == ("No new dependency.", "Python 3.11.")
    assert found.out_of_scope == "Hyphenation."
    assert findings(GOOD) == ()


def test_criteria_have_text_kind_commands_and_places() -> None:
    one, two, three = spec(GOOD).criteria
    assert (one.criterion_id, one.name, one.kind) == ("AC-1", f"{PATH}#AC-1", ProofKind.CHANGE)
    assert one.text == "Text no longer than the limit comes back unchanged."
    assert [c.script for c in one.commands] == ["python -c \"from text import cut; assert cut('abc', 3) == 'abc'\""]
    assert (one.position.line, one.position.end_line, one.position.column) == (29, 32, 1)
    assert (one.commands[0].position.line, one.commands[0].position.column) == (30, 3)
    assert two.text == "WHEN the text is longer THEN it is cut at the last space that fits."
    assert two.clause == Clause("WHEN the text is longer", "it is cut at the last space that fits.")
    assert (three.kind, three.text, three.commands) == (ProofKind.ACCEPT, "The result looks natural.", ())


def test_tasks_have_their_details_and_a_tick_is_only_a_claim() -> None:
    one, two = spec(GOOD).tasks
    assert (one.task_id, one.title, one.owns, one.proves) == ("T-1", "Add `cut()`", ("src/text/**",), ("AC-1", "AC-2"))
    assert not one.claimed_done
    assert (two.title, two.after, two.claimed_done) == ("Show it (fast)", (TaskId("T-1"),), True)


@pytest.mark.parametrize(
    ("info", "kind"),
    [
        ("sh verify", ProofKind.CHANGE),
        ("bash keep", ProofKind.KEEP),
        ("verify", ProofKind.CHANGE),
        ("keep", ProofKind.KEEP),
        ("SH VERIFY", ProofKind.CHANGE),
        ("sh", ProofKind.NONE),
        ("", ProofKind.NONE),
    ],
)
def test_the_word_after_the_language_makes_a_block_a_command(info: str, kind: ProofKind) -> None:
    found = spec(with_criteria(f"- **AC-1** It works.\n\n  ~~~{info}\n  run me\n  ~~~\n"))
    assert found.criteria[0].kind is kind
    assert bool(found.criteria[0].commands) is (kind is not ProofKind.NONE)
    assert ("run me" in found.criteria[0].text) is (kind is ProofKind.NONE)


def test_a_criterion_may_have_several_commands_and_paragraphs() -> None:
    found = spec(
        with_criteria(
            "- **AC-1** First.\n\n  Second.\n  - nested\n\n  ```sh verify\n  a\n\n    b\n  ```\n\n  ```sh verify\n  c\n  ```\n"
        )
    )
    assert found.criteria[0].text == "First.\nSecond.\nnested"
    assert [c.script for c in found.criteria[0].commands] == ["a\n\n  b", "c"]


@pytest.mark.parametrize(
    "opening", ["**AC-1** It", "__AC-1__ It", "**AC-1:** It", "**AC-1**: It", "**ac-1** It", "[x] **AC-1** It"]
)
def test_ids_may_be_written_in_several_ways(opening: str) -> None:
    found = spec(with_criteria(f"1. {opening} works.\n"))
    assert [(c.criterion_id, c.text) for c in found.criteria] == [(CriterionId("AC-1"), "It works.")]


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("WHEN a THEN b", Clause("WHEN a", "b")),
        ("When it rains, then it is wet.", Clause("When it rains", "it is wet.")),
        ("GIVEN a WHEN b THEN c", Clause("GIVEN a WHEN b", "c")),
        ("WHILE a, or b, the door SHALL stay open", Clause("WHILE a, or b", "the door SHALL stay open")),
        ("if a, then then b THEN c", Clause("if a, then then b", "c")),
        ("WHERE it is fitted, the lamp shall glow", Clause("WHERE it is fitted", "the lamp shall glow")),
        ("The lamp shall glow", None),
        ("Whenever a THEN b", None),
        ("WHEN a", None),
        ("WHEN THEN", None),
    ],
)
def test_ears_and_given_when_then_are_split(text: str, clause: Clause | None) -> None:
    assert spec(with_criteria(f"- **AC-1** {text}\n")).criteria[0].clause == clause


def test_sections_are_told_by_name_at_any_level_and_in_any_case() -> None:
    found = spec(
        "# T\n### ACCEPTANCE CRITERIA\n- **AC-1** a\n#### Sub\n- **AC-2** b\n### Notes\n- **X-1** c\n## intent:\nwhy\n"
    )
    assert [c.criterion_id for c in found.criteria] == ["AC-1", "AC-2"]
    assert found.intent == "why"
    assert "**X-1** c" in found.context


def test_windows_line_ends_and_a_mark_at_the_start_change_nothing() -> None:
    plain = spec(GOOD)
    windows = read(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()).spec
    assert windows is not None
    assert windows.digest != plain.digest
    assert windows.text == plain.text
    assert windows.criteria == plain.criteria
    assert windows.tasks == plain.tasks


def test_the_title_falls_back_to_the_heading_and_the_file() -> None:
    assert spec("# From   the heading\n").title == "From the heading"
    assert spec("## Intent\nx\n").title == "0001-cut"


def test_a_draft_and_a_pure_gate_are_told() -> None:
    found = spec("---\nstatus: draft\nimplement: none\n---\n")
    assert (found.status, found.implement) == (Status.DRAFT, False)


def test_equal_meaning_has_an_equal_digest() -> None:
    def digest(body: str) -> str:
        return spec(with_criteria(body)).criteria[0].digest

    one = digest("- **AC-1** It works\n  well.\n  ```sh verify\n  a\n  ```\n")
    assert digest("- **AC-7**  It works well.\n\n  ~~~ bash   verify\n  a   \n  ~~~\n") == one
    assert digest("- **AC-1** It works well!\n  ```sh verify\n  a\n  ```\n") != one
    assert digest("- **AC-1** It works well.\n  ```sh verify\n  b\n  ```\n") != one
    assert digest("- **AC-1** It works well.\n  ```sh keep\n  a\n  ```\n") != one


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (with_criteria("- **AC-1** a\n- **AC-2** b\n- **AC-1** c"), "SB007", 7),
        (with_criteria("- **AC-1** a\n- **AC-2**\n"), "SB008", 6),
        (with_criteria("- **AC-1** a\n- AC-2 b\n"), "SB009", 6),
        (with_criteria("- **AC-1** a\n- [ ] something\n"), "SB009", 6),
        (with_criteria("- **AC-1** a\n```sh verify\nx\n```\n"), "SB011", 6),
        (with_criteria("- **AC-1** a\n  ```sh verify\n  x\n  ```\n  ```sh keep\n  x\n  ```\n"), "SB012", 5),
        (with_criteria("- **AC-1** (accept) a\n  ```sh verify\n  x\n  ```\n"), "SB012", 5),
        (with_criteria("- **AC-1** a\n  ```sh verfy\n  x\n  ```\n"), "SB015", 6),
        (with_criteria("- **AC-1** a\n  ```sh verify\n  x\n- **AC-2** b\n"), "SB006", 6),
        (with_criteria("- **AC-0** a") + "\n````\n```\n- **AC-1** lost\n", "SB006", 7),
        ("---\ntitle: a\nstatsu: ready\n---\n" + with_criteria("- **AC-1** a"), "SB004", 3),
        ("---\nscope: [a, 1]\n---\n" + with_criteria("- **AC-1** a"), "SB005", 2),
        ("---\ntitle: [\n---\n" + with_criteria("- **AC-1** a"), "SB003", 3),
        ("---\ntitle: a\n" + with_criteria("- **AC-1** a"), "SB016", 1),
        (with_criteria("- **AC-1** a") + "\n## Tasks\n- **T-1** x (own: `a`)\n", "SB013", 8),
        (with_criteria("- **AC-1** a") + "\n## Tasks\n- **T-1** x (owns: `a`; b)\n", "SB013", 8),
        (with_criteria("- **AC-1** a") + "\n## Tasks\n- **T-1** x (proves: the first)\n", "SB013", 8),
        (with_criteria("- **AC-1** a") + "\n## Tasks\n- **T-1** x\n- **T-1** y\n", "SB007", 9),
        (with_criteria("- **AC-1** a\n<!-- never closed\n- **AC-2** lost"), "SB405", 6),
    ],
)
def test_a_mistake_is_an_error_on_its_line(text: str, rule: str, line: int) -> None:
    assert errors(text) == [(rule, line)]
    assert read(text).blocked


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (with_criteria("- **AC-1** a\n  - **AC-2** b\n"), "SB014", 6),
        ("## Notes\n- **AC-9** b\n" + with_criteria("- **AC-1** a"), "SB014", 2),
        (with_criteria("- **AC-1** a") + "## Tasks\n- do it\n", "SB010", 7),
        ("## Acceptance criterion\n\n" + with_criteria("- **AC-1** a"), "SB017", 1),
        (with_criteria("- **AC-1** a\n  ```python verify\n  x\n  ```\n"), "SB018", 6),
    ],
)
def test_what_is_probably_a_mistake_is_a_warning_on_its_line(text: str, rule: str, line: int) -> None:
    found = [f for f in read(text).findings if f.severity is Severity.WARNING]
    assert [(f.rule, f.position.line) for f in found] == [(rule, line)]


def test_suggestions_name_the_nearest() -> None:
    hints = {
        f.rule: f.hint
        for f in read(
            "---\nstatsu: x\n---\n## Acceptence criteria\n" + with_criteria("- **AC-1** a\n  ```sh verfy\n  ```\n")
        ).findings
    }
    assert hints["SB004"] == "Did you mean `status`?"
    assert hints["SB017"] == "Did you mean `Acceptance criteria`?"
    assert hints["SB015"] == "Did you mean `verify`?"


def test_code_elsewhere_is_prose() -> None:
    text = (
        "## Context\n\n```sh\nmake\n```\n\n```markdown\n## Acceptance criteria\n- **AC-5** not real\n```\n"
        + with_criteria("- **AC-1** a")
    )
    assert [c.criterion_id for c in spec(text).criteria] == ["AC-1"]
    assert told(text) == [("SB204", 15)]


def test_quoted_lists_are_no_criteria() -> None:
    assert spec(with_criteria("> - **AC-1** quoted\n\n- **AC-2** real\n")).criteria[0].criterion_id == "AC-2"


def refusal(reading: Reading) -> tuple[str, int]:
    assert reading.spec is None
    assert reading.blocked
    (finding,) = reading.findings
    return finding.rule, finding.position.line


def test_what_cannot_be_read_at_all_is_refused_in_place() -> None:
    assert refusal(read(b"a\nb\xff")) == ("SB001", 2)
    assert refusal(read("# Title\n".encode("utf-16"))) == ("SB001", 1)
    assert refusal(read(b"a\n\0")) == ("SB001", 2)
    assert refusal(read(b"a" * (MAX_BYTES + 1))) == ("SB002", 1)
    assert refusal(read(b"\n" * MAX_LINES)) == ("SB002", 1)


def test_an_empty_file_is_a_spec_without_criteria() -> None:
    assert told("") == [("SB101", 1)]


def test_patterns_with_commas_and_parentheses_stand_in_backticks() -> None:
    task = spec("## Tasks\n- **T-1** Do (owns: `a,b;(c)/**` , src/**; proves: ac-1)\n").tasks[0]
    assert task.owns == ("a,b;(c)/**", "src/**")
    assert task.proves == ("AC-1",)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("\\(accept) is what the form says.", "(accept) is what the form says."),
        ("\\\\(accept) twice.", "\\(accept) twice."),
        ("\\a path", "\\a path"),
        ("It prints \\# and \\*.", "It prints \\# and \\*."),
        ("First.\n\n  \\# 1 on the list", "First.\n# 1 on the list"),
        ("First.\n\n  1\\. April", "First.\n1. April"),
        ("First.\n\n  ```\n  \\# code\n  ```", "First.\n\\# code"),
    ],
)
def test_a_backslash_at_the_start_of_a_text_says_that_it_is_no_markup(written: str, text: str) -> None:
    (criterion,) = spec(with_criteria(f"- **AC-1** {written}\n")).criteria
    assert (criterion.text, criterion.kind) == (text, ProofKind.NONE)


def test_constraints_and_titles_may_begin_with_markup_too() -> None:
    assert spec("## Constraints\n- \\# is no heading.\n- 1\\. April\n\n\\> Not quoted.\n").constraints == (
        "# is no heading.",
        "1. April",
        "> Not quoted.",
    )
    one, two = spec("## Tasks\n- **T-1** Read \\(owns: a)\n- **T-2** Read \\(own: a) (owns: `b`)\n").tasks
    assert (one.title, one.owns) == ("Read (owns: a)", ())
    assert (two.title, two.owns) == ("Read (own: a)", ("b",))


def test_details_are_found_behind_many_parentheses() -> None:
    assert spec(f"## Tasks\n- **T-1** {'(see: x) ' * 60}(owns: `b`)\n").tasks[0].owns == ("b",)


@pytest.mark.parametrize(
    ("written", "owns"),
    [
        ("`` a`b ``", ("a`b",)),
        ("`` `a ``, c", ("`a", "c")),
        ("a`b, c", ("a`b", "c")),
        ("``a,b``", ("a,b",)),
        ("``", ()),
    ],
)
def test_a_pattern_with_backticks_stands_in_more_of_them(written: str, owns: tuple[str, ...]) -> None:
    assert spec(f"## Tasks\n- **T-1** Do (owns: {written})\n").tasks[0].owns == owns


HOSTILE = {
    "nested lists": "- " * 400_000,
    "nested quotes": "> " * 400_000,
    "one list": "- a\n" * 8_000,
    "link definitions": "[a]: /b 'c\n" * 8_000,
    "open comments": "a <!-- `` ` <? <! \n" * 8_000,
    "backticks": " ".join("`" * n for n in range(1, 1_400)),
    "brackets": "[" * 1_000_000,
    "zero width": "\u200b" * 150_000,
    "criteria": with_criteria("- **AC-1** a\n  ```sh verify\n  true\n  ```\n" * 2_000),
    "tasks": "## Tasks\n" + "- **T-1** a (owns: `a`; after: T-2)\n" * 6_000,
    "task parentheses": "## Tasks\n- **T-1** " + "(owns:" * 150_000 + ")",
    "task backticks": "## Tasks\n- **T-1** a (owns: " + " ".join("`" * (n % 1_000) for n in range(2_000)) + ")",
    "clauses": with_criteria("- **AC-1** when " + "a, " * 150_000),
    "front matter": "---\na: " + "[" * 60_000 + "\n---\n",
    "headings": "## Acceptance criteria\n" * 8_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_of_a_megabyte_takes_long(name: str) -> None:
    data = HOSTILE[name].encode()[:MAX_BYTES]
    started = time.process_time()
    reading = read(data)
    findings(data[:200_000])
    assert time.process_time() - started < 10, "about a second of one core; ten leave room for one that others use too"
    assert len(reading.findings) <= 200


def test_what_stands_under_a_task_belongs_to_it() -> None:
    text = "## Tasks\n- [ ] **T-1** Add it (owns: `a`)\n\n  Look first.\n\n  - [ ] a step\n    - a part\n- [ ] **T-2** Show it\n"
    one, two = spec(text).tasks
    assert (one.title, one.owns) == ("Add it", ("a",))
    assert one.details == "Look first.\n\n- [ ] a step\n  - a part"
    assert two.details == ""


@pytest.mark.parametrize(
    "value", ['title: "a\\u202eb"', 'keep: ["true\\u200b"]', 'budget: {usd: 1}\nscope: ["a\\x07"]']
)
def test_an_escape_in_the_front_matter_hides_nothing(value: str) -> None:
    found = read(f"---\n{value}\n---\n# A\n").findings
    assert [(f.rule, f.severity) for f in found] == [("SB005", Severity.ERROR)]
    assert "nobody sees (U+" in found[0].message
    assert found[0].position.line == value.count("\n") + 2
