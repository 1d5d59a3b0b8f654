"""Whatever spec a file can say: written as Markdown and read back equal. What none can say is refused by name."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.specs.formats.native import read_native
from bot.core.specs.model import (
    BudgetWish,
    Command,
    Criterion,
    ProofKind,
    Severity,
    Spec,
    SpecFormat,
    SpecTask,
    Status,
    TaskKind,
)
from bot.core.specs.writing import to_markdown
from bot.errors import SpecFault
from bot.ids import Digest, TaskId
from tests.core.specs.spec_models import MARKS, NOWHERE, criterion_of, folded, specs, without_comment, without_places
from tests.core.specs.writing import GOOD, PATH, spec

WRITTEN = """\
---
status: ready
scope: [src/text/**, tests/text/**]
keep: [python -m pytest -q tests]
budget: {usd: 2.5, minutes: 30}
depends: [specs/0007-unicode.md]
---

# Cut long text at a word boundary

## Intent

People read cut words badly.

## Context

Today `cut` cuts anywhere.

### History

It was written in a hurry.

## Constraints

- No new dependency.
- Python 3.11.

## Acceptance criteria

- **AC-1** Text no longer than the limit comes back unchanged.
  ```sh verify
  python -c "from text import cut; assert cut('abc', 3) == 'abc'"
  ```
- **AC-2** WHEN the text is longer THEN it is cut at the last space that fits.
  ```sh verify
  python -m pytest -q tests/text
  ```
- **AC-3** (accept) The result looks natural.

## Tasks

- [ ] **T-1** Add `cut()` (owns: `src/text/**`; proves: AC-1, AC-2)
- [x] **T-2** Show it (fast) (owns: `tests/text/**`; proves: AC-3; after: T-1)

## Out of scope

Hyphenation.
"""


def empty() -> Spec:
    return Spec(path=PATH, title="A title", status=Status.READY, digest=Digest(""), text="", files=(PATH,))


def criterion(text: str, kind: ProofKind = ProofKind.NONE, *scripts: str, criterion_id: str = "AC-1") -> Criterion:
    return criterion_of(PATH, criterion_id, text, kind, list(scripts))


def task(title: str, *owns: str, task_id: str = "T-1") -> SpecTask:
    return SpecTask(TaskId(task_id), title, owns, (), (), False, NOWHERE)


def check(wanted: Spec) -> None:
    reading = read_native(wanted.path, to_markdown(wanted).encode())
    assert [finding for finding in reading.findings if finding.severity is Severity.ERROR] == []
    assert reading.spec is not None
    assert without_places(reading.spec) == without_places(wanted)


@settings(max_examples=60, deadline=None)
@given(specs())
def test_any_spec_is_written_and_read_back_equal(wanted: Spec) -> None:
    check(wanted)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
@settings(max_examples=10_000, deadline=None)
@given(specs())
def test_any_of_many_specs_is_written_and_read_back_equal(wanted: Spec) -> None:
    check(wanted)


@pytest.mark.parametrize("mark", [*dict.fromkeys(map(folded, MARKS)), "2. a", "A #", "\\(see: a) b", "Intent", "Tusks"])
def test_words_with_a_meaning_stand_everywhere(mark: str) -> None:
    planned = (task(mark), task(f"a {mark}", "a", task_id="T-2"), task("a", mark, task_id="T-3"))
    check(
        replace(
            empty(),
            title=mark,
            keep=(Command(mark, NOWHERE), Command(f"{mark}\n{mark} ", NOWHERE)),
            constraints=(mark, f"a {mark}"),
            criteria=(
                criterion(mark, ProofKind.CHANGE, mark),
                criterion(f"a\n{mark}\n{mark}", ProofKind.ACCEPT, criterion_id="AC-2"),
                criterion(f"{mark} a", ProofKind.NONE, criterion_id="AC-3"),
                criterion(f"{mark}\n\na", ProofKind.KEEP, f"\n{mark}\n", criterion_id="AC-4"),
            ),
            tasks=planned if without_comment(mark) else (),
        )
    )


HEADINGS = ("# T", "## Constraints", "## Acceptance criteria", "## Tasks")
OPENINGS = ("- **AC-1** ", "- **AC-2** (accept) ", "- [x] **T-1** ", "- ", "  ", "    ", "1. ", "")
lines = st.tuples(st.sampled_from(OPENINGS), st.lists(st.sampled_from(MARKS), max_size=3).map(" ".join)).map("".join)
sections = st.tuples(st.sampled_from(HEADINGS), st.lists(lines, max_size=5).map("\n".join)).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(sections, max_size=4).map("\n".join))
def test_what_was_read_without_error_can_be_written(text: str) -> None:
    """Prose alone may be refused: two sections of context that become one can have another meaning."""
    reading = read_native(PATH, text.encode())
    assume(reading.spec is not None and not reading.blocked)
    if reading.spec is not None:
        check(replace(reading.spec, intent="", context="", out_of_scope=""))


def test_a_written_spec_reads_well() -> None:
    assert to_markdown(spec(GOOD)) == WRITTEN


def test_long_and_odd_values_read_well_too() -> None:
    wanted = replace(
        empty(),
        title="Tasks",
        scope=("*.py", "src/**"),
        keep=(Command("make test", NOWHERE), Command('set -e\necho "a"\n\nmake', NOWHERE), Command("a: 'b'", NOWHERE)),
        implement=False,
        budget=BudgetWish(usd=1e-7, tokens=5),
        intent="One.\n\n## Why",
        constraints=("# is no heading", "<!-- is no comment -->"),
        criteria=(
            criterion("(accept) is a word.\n- no item\n  two  blanks\n\nend", ProofKind.KEEP, "a", "```\nb"),
            criterion("Looks good.", ProofKind.ACCEPT, criterion_id="AC-2"),
        ),
        tasks=(task("Do (after: that)", "a`b", "*.py"),),
    )
    assert to_markdown(wanted) == (
        '---\ntitle: Tasks\nstatus: ready\nscope: ["*.py", src/**]\n'
        + 'keep:\n  - make test\n  - |-\n    set -e\n    echo "a"\n\n    make\n  - "a: \'b\'"\n'
        + "budget: {usd: 1.0e-07, tokens: 5}\nimplement: none\n---\n\n# Intent\n\nOne.\n\n## Why\n\n## Constraints\n\n"
        + "- \\# is no heading\n- ```text\n  <!-- is no comment -->\n  ```\n\n## Acceptance criteria\n\n"
        + "- **AC-1** \\(accept) is a word.\n\n  \\- no item\n\n  ```text\n    two  blanks\n\n  end\n  ```\n\n"
        + "  ```sh keep\n  a\n  ```\n  ````sh keep\n  ```\n  b\n  ````\n\n- **AC-2** (accept) Looks good.\n\n"
        + "## Tasks\n\n- [ ] **T-1** Do \\(after: that) (owns: ``a`b``, `*.py`)\n"
    )
    check(wanted)


REFUSED: dict[str, tuple[Spec, str]] = {
    "no title": (replace(empty(), title=""), "title"),
    "an empty pattern": (replace(empty(), scope=("",)), "scope"),
    "no money": (replace(empty(), budget=BudgetWish(usd=0.0)), "budget"),
    "endless money": (replace(empty(), budget=BudgetWish(usd=float("inf"))), "budget"),
    "no number": (replace(empty(), budget=BudgetWish(minutes=float("nan"))), "budget"),
    "half a character": (replace(empty(), title="\ud800"), "title"),
    "half a character in prose": (replace(empty(), intent="\ud800"), "Intent"),
    "more than is read": (replace(empty(), keep=(Command("x" * 2_001, NOWHERE),)), "keep"),
    "prose of blanks": (replace(empty(), intent=" "), "Intent"),
    "prose after a line end": (replace(empty(), intent="\na"), "Intent"),
    "prose with what nobody sees": (replace(empty(), context="a\u200bb"), "Context"),
    "prose with a comment": (replace(empty(), out_of_scope="a <!-- b --> c"), "Out of scope"),
    "prose that opens a section": (replace(empty(), intent="a\n\n#### Tasks"), "Intent"),
    "prose with a title": (replace(empty(), intent="a\n\n# b"), "Intent"),
    "prose with a command": (replace(empty(), context="```sh verify\na\n```"), "no criterion"),
    "prose with an open block": (replace(empty(), context="```\na"), "never closed"),
    "a constraint of two lines": (replace(empty(), constraints=("a\nb",)), "Constraints"),
    "an empty constraint": (replace(empty(), constraints=("",)), "Constraints"),
    "a criterion without text": (replace(empty(), criteria=(criterion(""),)), "says nothing"),
    "a criterion after a line end": (replace(empty(), criteria=(criterion("\na"),)), "AC-1"),
    "a criterion with what nobody sees": (replace(empty(), criteria=(criterion("a\x00b"),)), "text file"),
    "a criterion of another spec": (replace(empty(), criteria=(replace(criterion("a"), spec_path="b"),)), "AC-1"),
    "a command that decides nothing": (replace(empty(), criteria=(criterion("a", ProofKind.NONE, "b"),)), "AC-1"),
    "a change without a command": (replace(empty(), criteria=(criterion("a", ProofKind.CHANGE),)), "AC-1"),
    "a script with a bell": (replace(empty(), criteria=(criterion("a", ProofKind.KEEP, "b\a"),)), "AC-1"),
    "an id in small letters": (replace(empty(), criteria=(criterion("a", criterion_id="ac-1"),)), "ac-1"),
    "no id": (replace(empty(), criteria=(criterion("a", criterion_id="1.1"),)), "no id"),
    "one id twice": (replace(empty(), criteria=(criterion("a"), criterion("b"))), "AC-1"),
    "a title of two lines": (replace(empty(), tasks=(task("a\n\n## Context\nb"),)), "Context"),
    "a title with a comment": (replace(empty(), tasks=(task("a <!-- b --> c"),)), "T-1"),
    "a pattern of blanks": (replace(empty(), tasks=(task("a", " "),)), "T-1"),
    "one task twice": (replace(empty(), tasks=(task("a"), task("b"))), "T-1"),
    "a barrier": (replace(empty(), tasks=(replace(task("a"), kind=TaskKind.CHECKPOINT),)), "T-1"),
    "an open block under a title": (replace(empty(), tasks=(replace(task("a"), details="```"),)), "this spec"),
    "blanks around what stands under a title": (replace(empty(), tasks=(replace(task("a"), details=" b"),)), "T-1"),
    "another format": (replace(empty(), format=SpecFormat.KIRO), "format"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_file_says_is_refused_by_name(name: str) -> None:
    unsayable, place = REFUSED[name]
    with pytest.raises(SpecFault) as refused:
        to_markdown(unsayable)
    assert place in refused.value.message
    assert refused.value.hint


def test_what_reading_derives_is_not_asked() -> None:
    stale = replace(criterion("WHEN a THEN b"), clause=None, digest=Digest("old"))
    assert "WHEN a THEN b" in to_markdown(replace(empty(), criteria=(stale,), text="old", digest=Digest("old")))


LARGE = {
    "lines": replace(empty(), criteria=(criterion("\n".join(["# a", "b  c"] * 1_000)),)),
    "one line": replace(empty(), criteria=(criterion("(a: [" * 150_000),)),
    "marks": replace(empty(), constraints=("- " * 200_000 + "a", "`" * 200_000, "[" * 200_000)),
    "title": replace(empty(), tasks=(task("(owns: a) " * 50_000 + "a"),)),
    "criteria": replace(
        empty(),
        criteria=tuple(criterion("a", ProofKind.KEEP, "b", criterion_id=f"AC-{n}") for n in range(1_000)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_specs_are_written(name: str) -> None:
    """Each in less than a second; what grew with the square of the text would end at the time limit of all tests."""
    check(LARGE[name])
