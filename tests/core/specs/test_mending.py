"""What `--fix` mends, what it leaves alone, and that it never makes anything worse."""

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import codec
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats.native import read_native
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.mending import Mending, mend
from bot.core.specs.model import Edit, Finding, Fix, Position, Severity
from bot.core.specs.source import Files
from tests.core.specs.test_properties import PIECES
from tests.core.specs.writing import GOOD, PATH, spec, with_criteria


def look(files: Files) -> tuple[Finding, ...]:
    return lint(read_native(PATH, files[PATH]), LintContext(None, RepositoryConfig()))


def mending(text: str | bytes) -> Mending:
    return mend({PATH: text.encode() if isinstance(text, str) else text}, look)


def mended(text: str) -> str:
    return mending(text).files.get(PATH, text.encode()).decode()


def errors(found: Iterable[Finding]) -> Counter[str]:
    return Counter(finding.rule for finding in found if finding.severity is Severity.ERROR)


def test_a_good_spec_is_not_touched() -> None:
    assert mending(GOOD) == Mending({}, (), ())


def test_what_was_mended_is_named_with_its_place_and_what_is_left_is_said() -> None:
    found = mending("---\nstatsu: ready\n---\n" + with_criteria("- **AC-1** (accept) a\n- **AC-1** (accept) b"))
    assert [(f.rule, f.position.line, f.message) for f in found.mended] == [("SB004", 2, "Unknown key `statsu`.")]
    assert [(f.rule, f.position.line) for f in found.left] == [("SB007", 9)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("statsu: draft", "status: draft"),
        ("Scope: [a]", "scope: [a]"),
        ("budget: {minuts: 3, usd: 1}", "budget: {minutes: 3, usd: 1}"),
        ("state: draft", "state: draft"),
        ("status: draft\nstatsu: ready", "status: draft\nstatsu: ready"),
        ("titel: A\ntitl: B", "title: A\ntitl: B"),
        ("'statsu': draft", "'statsu': draft"),
        ("statsu: redy", "statsu: redy"),
    ],
    ids=[
        "one letter",
        "case",
        "inside",
        "not sure enough",
        "the other is there",
        "two for one place",
        "quoted",
        "a wrong value would show",
    ],
)
def test_keys_of_the_front_matter(before: str, after: str) -> None:
    body = "---\n" + with_criteria("- **AC-1** (accept) a")
    assert mended(f"---\n{before}\n{body}") == f"---\n{after}\n{body}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- AC-1 It works", "- **AC-1** It works"),
        ("- AC-1: It works", "- **AC-1**: It works"),
        ("- AC-1. It works", "- **AC-1** It works"),
        ("- AC-1) It works", "- **AC-1** It works"),
        ("- AC-1 – It works", "- **AC-1** It works"),
        ("- `ac-1` It works", "- **ac-1** It works"),
        ("- *AC-1* It works", "- **AC-1** It works"),
        ("* [ ] AC-1 It works", "* [ ] **AC-1** It works"),
        ("12. AC-1 AC-1 is first", "12. **AC-1** AC-1 is first"),
        ("- AC-1, AC-2: two", "- AC-1, AC-2: two"),
        ("- UTF-8 is used", "- UTF-8 is used"),
        ("- AC-1-bis It works", "- AC-1-bis It works"),
        ("- It works (AC-1)", "- It works (AC-1)"),
    ],
)
def test_plain_ids_of_criteria_become_bold(before: str, after: str) -> None:
    assert mended(with_criteria(before)) == with_criteria(after)


def test_other_prefixes_are_bold_where_the_spec_has_them() -> None:
    assert mended(with_criteria("- **REQ-1** a\n- REQ-2 b")) == with_criteria("- **REQ-1** a\n- **REQ-2** b")


def test_an_id_that_is_there_already_is_not_made_twice() -> None:
    text = with_criteria("- **AC-1** a\n- AC-1 b")
    assert mended(text) == text


def test_plain_ids_and_misspelt_keys_of_tasks() -> None:
    head = with_criteria("- **AC-1** (accept) a\n")
    before = "## Tasks\n- [ ] T-1 b (own: `a`; provs: AC-1)\n- **T-2** own: b (owns: `c`; aftr: T-1)\n"
    after = "## Tasks\n- [ ] **T-1** b (owns: `a`; proves: AC-1)\n- **T-2** own: b (owns: `c`; after: T-1)\n"
    assert mended(head + before) == head + after


def test_a_key_that_would_stand_twice_or_might_be_meant_elsewhere_stays() -> None:
    for line in ("- **T-1** b (owns: `a`; own: `c`)", "- **T-1** own: (own: `a`)"):
        text = with_criteria("- **AC-1** (accept) a\n") + f"## Tasks\n{line}\n"
        assert mended(text) == text


@pytest.mark.parametrize(
    ("word", "meant"), [("verfy", "verify"), ("VERIFI", "verify"), ("keeep", "keep"), ("verified", "verified")]
)
def test_the_word_after_the_language(word: str, meant: str) -> None:
    text = with_criteria("- **AC-1** It works.\n  ~~~ sh  {}  \n  test -f a\n  ~~~")
    assert mended(text.format(word)) == text.format(meant)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## Acceptence criteria", "## Acceptance criteria"),
        ("### ACCEPTANCE CRITERIAS:", "### Acceptance criteria:"),
        ("Aceptance Criteria\n---", "Acceptance criteria\n---"),
        ("## Constraint", "## Constraints"),
        ("## Criteria", "## Criteria"),
    ],
)
def test_misspelt_headings(before: str, after: str) -> None:
    body = "\n- **AC-1** (accept) a\n"
    assert mended(f"# T\n\n{before}\n{body}") == f"# T\n\n{after}\n{body}"


def test_a_heading_that_would_show_a_broken_criterion_stays() -> None:
    text = "# T\n\n## Acceptence criteria\n\n- **AC-1**\n"
    assert mended(text) == text


STRAY = "- **AC-1** It works.\n\n```sh verify\nif test -f a\n  then\n\n  cat a\nfi\n```\n"
TUCKED = "- **AC-1** It works.\n\n  ```sh verify\n  if test -f a\n    then\n\n    cat a\n  fi\n  ```\n"


def test_a_command_that_only_lacks_indentation_is_put_into_its_item() -> None:
    assert mended(with_criteria(STRAY)) == with_criteria(TUCKED)
    [criterion] = spec(with_criteria(TUCKED)).criteria
    assert criterion.commands[0].script == "if test -f a\n  then\n\n  cat a\nfi"


def test_several_commands_follow_each_other_in_also_misspelt_ones() -> None:
    second = "```sh verfy\nmake b\n```\n"
    tucked = "  ```sh verify\n  make b\n  ```\n"
    assert mended(with_criteria(STRAY + "\n" + second)) == with_criteria(TUCKED + "\n" + tucked)
    assert mended(with_criteria("10. **AC-1** a\n\n  ```verify\n  b\n  ```\n")) == with_criteria(
        "10. **AC-1** a\n\n    ```verify\n    b\n    ```\n"
    )


@pytest.mark.parametrize(
    "body",
    [
        "- **AC-1** a\n\nAnd then:\n\n```sh verify\nb\n```\n",
        "- **AC-1** (accept) a\n\n```sh verify\nb\n```\n",
        "- **AC-1** a\n\n```sh verify\nb\n",
        "- **AC-1** a\n\n```sh verify\n\tb\n```\n",
        "Text.\n\n```sh verify\nb\n```\n",
        "- **AC-1** a\n\n> ```sh verify\n> b\n> ```\n",
        "- **AC-1** a\n\n```sh verify\n" + "b\n" * 200 + "```\n",
    ],
    ids=["text between", "another proof", "never closed", "tabs", "no item", "quoted", "a program"],
)
def test_commands_that_may_belong_elsewhere_stay(body: str) -> None:
    assert mended(with_criteria(body)) == with_criteria(body)


def test_characters_that_nobody_sees_go_and_the_rest_is_mended_where_they_stood() -> None:
    text = with_criteria("- A\u200bC-1 It\u202e works 👩\u200d💻 here.\u2028Now \x07beep")
    assert mended(text) == with_criteria("- **AC-1** It works 👩\u200d💻 here. Now beep")
    assert {f.rule for f in mending(text).mended} == {"SB401", "SB402", "SB403", "SB009"}


def test_a_rule_that_is_switched_off_keeps_its_hands_off() -> None:
    def without(files: Files) -> tuple[Finding, ...]:
        return tuple(finding for finding in look(files) if finding.rule != "SB402")

    text = with_criteria("- **AC-1** a\u200bb\u202ec")
    found = mend({PATH: text.encode()}, without)
    assert found.files[PATH].decode() == with_criteria("- **AC-1** a\u200bbc")


def test_line_ends_mark_and_a_missing_last_end_stay_as_they_are() -> None:
    text = "---\r\nstatsu: draft\r\n---\n# T\r\n\r\n## Acceptence criteria\r\n- AC-1 a\u200b\r\n- AC-2 b"
    after = "---\r\nstatus: draft\r\n---\n# T\r\n\r\n## Acceptance criteria\r\n- **AC-1** a\r\n- **AC-2** b"
    found = mending(b"\xef\xbb\xbf" + text.encode())
    assert found.files[PATH] == b"\xef\xbb\xbf" + after.encode()


def test_a_line_with_a_hidden_comment_is_left_to_its_author() -> None:
    text = with_criteria("- <!-- AC-1 -->AC-1 a\n- AC-2 b <!-- x -->\n- AC-3 c")
    assert mended(text) == with_criteria("- <!-- AC-1 -->AC-1 a\n- AC-2 b <!-- x -->\n- **AC-3** c")


def test_files_of_others_are_not_written_and_edits_that_do_not_fit_are_left_out() -> None:
    def says(path: str, *edits: Edit) -> Finding:
        return Finding("SB004", Severity.WARNING, "m", "", Position(path, 1), Fix(edits))

    def scene(files: Files) -> tuple[Finding, ...]:
        if files["a"] != b"one two\nthree":
            return ()
        return (
            says("a", Edit(1, 5, "two", "2"), Edit(2, 1, "three", "3")),
            says("a", Edit(1, 1, "one two", "12")),
            says("a", Edit(1, 1, "one", "1"), Edit(3, 1, "x", "y")),
            says("a", Edit(1, 2, "one", "1")),
            says("a", Edit(1, 1, "", "0")),
            says("b", Edit(1, 1, "b", "c")),
        )

    found = mend({"a": b"one two\nthree", "b": b"b"}, scene, lambda path: path == "a")
    assert found.files == {"a": b"one 2\n3"}
    assert [len(f.fix.edits) if f.fix else 0 for f in found.mended] == [2]


def test_a_fix_that_brings_an_error_is_not_made_and_the_others_are() -> None:
    def scene(files: Files) -> tuple[Finding, ...]:
        text = files["a"].decode()
        found = [
            Finding("SB017", Severity.WARNING, word, "", Position("a", 1), Fix((Edit(1, text.index(word) + 1, word, word.upper()),)))
            for word in ("good", "bad")
            if word in text
        ]  # fmt: skip
        worse = [Finding("SB101", Severity.ERROR, "m", "", Position("a", 1))] if "BAD" in text else []
        return (*found, *worse)

    assert mend({"a": b"bad good"}, scene).files == {"a": b"bad GOOD"}


def test_more_than_one_look_shows_is_mended_too() -> None:
    text = with_criteria("\n".join(f"- AC-{number} (accept) a" for number in range(1, 500)))
    found = mending(text)
    assert len(found.mended) == 499
    assert found.left == ()


FAULTS = [
    "statsu: draft\n", "scpe: [a]\n", "AC-1 a\n", "T-1 b\n", "- AC-2: c\n", "- T-2. d (own: `x`; aftr: T-1)\n", "## Acceptence criteria\n",
    "## Task\n", "```sh verfy\n", "~~~kepe\n", "x\n", "\u200d", "\ufe0f", "\u2800",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES + FAULTS * 2) | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_mended_once_and_never_made_worse(text: str) -> None:
    data = text.encode("utf-8", "replace")
    before = look({PATH: data})
    assert codec.decode(tuple[Finding, ...], codec.encode(before)) == before
    once = mend({PATH: data}, look)
    after = once.files.get(PATH, data)
    assert once.left == look({PATH: after})
    assert not errors(once.left) - errors(before)
    assert mend({PATH: after}, look) == Mending({}, (), once.left)
    assert bool(once.files) <= any(finding.fix for finding in before)
    assert bool(once.files) == bool(once.mended)
    assert after.count(b"\n") == data.count(b"\n")


@given(st.binary(max_size=100))
def test_any_bytes_are_left_or_mended(data: bytes) -> None:
    found = mending(data)
    assert not errors(found.left) - errors(look({PATH: data}))
