r"""Whole `Spec` values for hypothesis: everything that a native file can say, mostly in words chosen to be misread.

Left out, because no native file says it (`to_markdown` refuses it by name, `test_round_trip.py`):

- characters that people do not see;
- in prose (intent, context, out of scope): line ends around it or nothing but blanks, hidden text (comments, unused link definitions), a heading
  of the first level or one that opens another section, a code block that is marked as a command or never closed;
- a criterion's text that begins or ends with a line end; a constraint or a task's title with other than single blanks between its words;
- `<!` and `<?` in a task's title or patterns: Markdown takes what follows for a comment, and a title has no code block to put it in;
- a pattern in `owns` with blanks around it or on two lines;
- ids in small letters, twice, or of another shape than AC-1; commands of a criterion that is proven by a person or not at all, and none where
  commands prove it;
- empty texts in the front matter's lists, a list of more than 200, a text of more than 2,000 characters; budgets of nothing or less;
- files of a format that is not the native one; a task's `kind`, `optional` and `skipped`, and `details` that are no Markdown of a list item.
"""

import re
from dataclasses import replace
from textwrap import dedent

from hypothesis import strategies as st

from bot.core.specs.blocks import BlockKind, outline
from bot.core.specs.clauses import split_clause
from bot.core.specs.digests import criterion_digest
from bot.core.specs.formats.commands import command_kind
from bot.core.specs.formats.sections import Section, section_of
from bot.core.specs.hidden import hidden_spans
from bot.core.specs.invisible import remove_invisible
from bot.core.specs.model import BudgetWish, Command, Criterion, Position, ProofKind, Spec, SpecTask, Status
from bot.ids import CriterionId, Digest, TaskId

NOWHERE = Position("", 1)

MARKS = (
    "# ", "## Tasks", "- ", "* ", "+", "--", "---", "***", "_ _ _", "===", "> ", "1. ", "12) ", "1\\. ", "```", "~~~", "```sh verify", "`", "``", "\\", "\\\\",
    "(accept) ", "( ACCEPT )", "\\(accept) ", "(owns: `a`)", "(after: T-1; own: b)", "\\(proves: AC-1)", "(see: there)", "**AC-1** ", "**AC-2**: ", "[ ] ", "[x] **T-1** ",
    "<!-- no -->", "<?no?>", "\\<!-- yes -->", "<div>", "<pre>", "</p>", "<https://a.b>", "<script>", "[a]: /b", "[^1]: note", "*[a]: /b", "[a](b)", "&amp;", "*a*", "__b__", "|a|b|",
    "WHEN a THEN b", "it SHALL", "true", "null", "a: b", " #c", "'", '"', "é", "é", "漢字", "नि", "👩‍👩‍👧", "1️⃣", "א", ";", ",", ".", ":", "a", "b c",
)  # fmt: skip
"""Words that mean something to some reader: Markdown, YAML, or ours."""

YAML_WORDS = (
    "true", "No", "null", "~", "1", "1.5", "1e3", "0x1F", "1_0", "2024-01-01", "12:30:00", ".inf", "=", "<<", "- a", "? a", "a: b", "a:", ": a", "#a", "a #b", "*a", "&a", "!a", "%a", "@a", "`a`",
    "[a]", "{a: b}", "a, b", "a]", "|", ">-", "---", "...", " a", "a ", "a\nb", "a\n\nb", "\na", "a\n", "  a\nb", "a\n  b\n", "a\n \nb", "'", '"', "it's \"so\"", "\\", "\\n", "\t", "a\tb", "\r", "\0",
    "\u200b", "\u202e", "\x85", "\u2028", "\ufeff", "\ufffe", "\U0010ffff", "é", "漢字", "👍", "src/**", "!src/x", "python -c \"print('a')\"", "set -e\nmake \"all\" 'x'\n\necho 'b'",
)  # fmt: skip

visible_characters = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn"))
scraps = st.sampled_from(MARKS) | st.text(visible_characters, max_size=5)


def is_visible(text: str) -> bool:
    return not remove_invisible(text)[1]


def folded(text: str) -> str:
    return " ".join(text.split())


def lines_of(blanks: str) -> st.SearchStrategy[str]:
    """One line of scraps with `blanks` or nothing between and around them."""
    gaps = st.sampled_from(["", *blanks, blanks])
    return st.lists(st.tuples(gaps, scraps), max_size=6).map(lambda parts: "".join(map("".join, parts)))


one_line = lines_of(" ").map(folded).filter(lambda text: text != "" and is_visible(text))
raw_lines = (lines_of(" \t") | one_line).filter(is_visible)
criterion_texts = (
    st.lists(raw_lines, min_size=1, max_size=5)
    .map(lambda lines: "\n".join(lines).strip("\n"))
    .filter(lambda text: text != "")
)
scripts = st.lists(raw_lines, max_size=5).map("\n".join)
front_texts = (st.sampled_from(YAML_WORDS) | one_line | st.text(min_size=1, max_size=20)).filter(is_visible)
front_lists = st.lists(front_texts, max_size=3).map(tuple)


def is_prose(text: str) -> bool:
    """True for Markdown that may stand in a section as it is."""
    whole = outline(f"{text}\n\n# End\n")
    *inner, end = whole.headings or (None,)
    blocks = [block for block in whole.blocks if block.kind is BlockKind.FENCE]
    return (
        text.strip("\n") == text
        and (text == "" or text.strip() != "")
        and is_visible(text)
        and not hidden_spans(f"{text}\n")
        and end is not None
        and end.text == "End"
        and all(h is not None and h.level > 1 and section_of(h.text) is Section.OTHER for h in inner)
        and all(block.closed and command_kind(block) is None for block in blocks)
    )


prose_lines = raw_lines | st.sampled_from(
    ("", "", "## Why", "### How", "Why\n---", "```sh\nmake\n```", "- a\n  - b", "    code", "[a]: /b\n\n[a]")
)
prose = st.lists(prose_lines, max_size=6).map(lambda lines: "\n".join(lines).strip("\n")).filter(is_prose)


@st.composite
def ids(draw: st.DrawFn, classic: str) -> str:
    if draw(st.booleans()):
        return f"{classic}-{draw(st.integers(1, 5))}"
    return draw(st.from_regex(re.compile(r"[A-Z]{1,12}-[0-9]{1,6}(\.[0-9]{1,4})?", re.ASCII), fullmatch=True))


def criterion_of(spec_path: str, criterion_id: str, text: str, kind: ProofKind, written: list[str]) -> Criterion:
    """A criterion with what reading derives from it."""
    return Criterion(
        criterion_id=CriterionId(criterion_id),
        spec_path=spec_path,
        text=text,
        kind=kind,
        commands=tuple(Command(script, NOWHERE) for script in written),
        position=NOWHERE,
        digest=criterion_digest(text, kind, written),
        clause=split_clause(text),
    )


@st.composite
def criteria(draw: st.DrawFn, spec_path: str) -> tuple[Criterion, ...]:
    found = []
    for criterion_id in draw(st.lists(ids("AC"), max_size=3, unique=True)):
        kind = draw(st.sampled_from((ProofKind.CHANGE, ProofKind.KEEP, ProofKind.ACCEPT, ProofKind.NONE)))
        with_commands = kind in (ProofKind.CHANGE, ProofKind.KEEP)
        written = draw(st.lists(scripts, min_size=1, max_size=3)) if with_commands else []
        found.append(criterion_of(spec_path, criterion_id, draw(criterion_texts), kind, written))
    return tuple(found)


def without_comment(text: str) -> bool:
    return "<!" not in text and "<?" not in text


patterns = raw_lines.map(str.strip).filter(lambda text: text != "" and without_comment(text) and is_visible(text))


below_tasks = (
    st.lists(
        st.sampled_from(
            (
                "Look at `cut` first.",
                "- [ ] a step",
                "  - a part of it",
                "1. one",
                "",
                "# no heading",
                "(owns: `a`)",
                "> quoted",
            )
        ),
        max_size=4,
    )
    .map("\n".join)
    .map(lambda text: dedent(text).strip("\n"))
    .filter(lambda text: not text.startswith(" "))
)
"""What stands under a task's title: Markdown of its own, kept as it is."""


@st.composite
def tasks(draw: st.DrawFn) -> tuple[SpecTask, ...]:
    titles = (one_line | st.just("")).filter(without_comment)
    return tuple(
        SpecTask(
            task_id=TaskId(task_id),
            title=draw(titles),
            owns=tuple(draw(st.lists(patterns, max_size=3))),
            proves=tuple(map(CriterionId, draw(st.lists(ids("AC"), max_size=2)))),
            after=tuple(map(TaskId, draw(st.lists(ids("T"), max_size=2)))),
            claimed_done=draw(st.booleans()),
            position=NOWHERE,
            details=draw(below_tasks),
        )
        for task_id in draw(st.lists(ids("T"), max_size=3, unique=True))
    )


amounts = st.none() | st.floats(min_value=0, exclude_min=True, allow_infinity=False) | st.integers(1, 10_000)
budgets = st.builds(BudgetWish, usd=amounts, tokens=st.none() | st.integers(min_value=1), minutes=amounts)
titles = (
    st.text(min_size=1, max_size=30)
    | one_line
    | st.sampled_from(("Intent", "Tusks", "Tasks", "A #", "C#", *YAML_WORDS))
).filter(is_visible)


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """Any spec that a native file can say."""
    path = draw(st.sampled_from(("specs/0001-cut.md", "a.spec.md")))
    return Spec(
        path=path,
        title=draw(titles),
        status=draw(st.sampled_from(Status)),
        digest=Digest(""),
        text="",
        scope=draw(front_lists),
        keep=tuple(Command(script, NOWHERE) for script in draw(front_lists)),
        budget=draw(st.just(BudgetWish()) | budgets),
        depends=draw(front_lists),
        removes=draw(front_lists),
        implement=draw(st.booleans()),
        intent=draw(prose),
        context=draw(prose),
        constraints=tuple(draw(st.lists(one_line, max_size=3))),
        out_of_scope=draw(prose),
        criteria=draw(criteria(path)),
        tasks=draw(tasks()),
        files=(path,),
    )


def without_places(spec: Spec) -> Spec:
    """The spec without what belongs to its file: every position, the file's digest and its visible text."""

    def moved(commands: tuple[Command, ...]) -> tuple[Command, ...]:
        return tuple(replace(command, position=NOWHERE) for command in commands)

    return replace(
        spec,
        digest=Digest(""),
        text="",
        keep=moved(spec.keep),
        criteria=tuple(replace(c, position=NOWHERE, commands=moved(c.commands)) for c in spec.criteria),
        tasks=tuple(replace(task, position=NOWHERE) for task in spec.tasks),
    )
