"""Whatever the bytes: a reading, never an exception, and every place inside the file. Whatever the spec: written and read back the same."""

from dataclasses import dataclass

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core import codec
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.compare import Change, Comparison, compare
from bot.core.specs.formats.native import read_native
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Position, ProofKind, Reading, Spec
from tests.core.specs.writing import PATH

PIECES = [
    "---\n", "title: x\n", "scope: [a, **]\n", "keep: [x]\n", "## Acceptance criteria\n", "## Tasks\n", "# T\n", "- **AC-1** ", "- [ ] **T-1** ",
    "WHEN a THEN b", "(accept) ", "```sh verify\n", "```\n", "  ", "\t", "> ", "\n", "<!-- ", "-->", "\u202e", "\u200b", "\r", "\x0b", "(owns: `a`; ",
    "proves: AC-1)", "`", "[a]: /b 'c'\n", "<div>\n", "é", "👍", "true\n", "|| ", "\\", "fast ", "1. ", "- ", "===\n", "\u2028",
]  # fmt: skip

hostile_text = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=40).map("".join)


def places(reading: Reading) -> list[Position]:
    found = [f.position for f in reading.findings]
    if reading.spec is not None:
        found += [c.position for c in reading.spec.criteria] + [t.position for t in reading.spec.tasks]
        found += [command.position for c in reading.spec.criteria for command in c.commands]
        found += [command.position for command in reading.spec.keep]
    return found


def check_places(reading: Reading, data: bytes) -> None:
    lines = data.split(b"\n")
    for place in places(reading):
        assert place.path == PATH
        assert 1 <= place.line <= place.end_line <= max(1, len(lines) - (data.endswith(b"\n") and len(lines) > 1))
        assert 1 <= place.column <= len(lines[place.line - 1].decode("utf-8", "replace")) + 1


def check(data: bytes) -> None:
    reading = read_native(PATH, data)
    check_places(reading, data)
    linted = Reading(PATH, reading.spec, lint(reading, LintContext(frozenset({"a", "src/b.py"}), RepositoryConfig())))
    check_places(linted, data)
    assert codec.decode(Reading, codec.encode(linted)) == linted


@settings(max_examples=150)
@given(hostile_text)
def test_any_text_gives_a_reading_with_places_inside_the_file(text: str) -> None:
    check(text.encode("utf-8", "replace"))


@given(st.binary(max_size=200))
@example(b"\xc2\x80\xc2\x80\x80")
def test_any_bytes_give_a_reading(data: bytes) -> None:
    check(data)


@given(hostile_text, hostile_text)
def test_any_two_specs_can_be_compared(head: str, base: str) -> None:
    new, old = (
        read_native(PATH, head.encode("utf-8", "replace")).spec,
        read_native(PATH, base.encode("utf-8", "replace")).spec,
    )
    if new is not None:
        comparison = compare(new, old)
        assert len(comparison.criteria) == len(new.criteria)
        assert codec.decode(Comparison, codec.encode(comparison)) == comparison
        if new == old and comparison.base_in_force:
            assert {c.change for c in comparison.criteria} <= {Change.UNCHANGED}
            assert comparison.gone == ()


@dataclass(frozen=True)
class Criterion:
    number: int
    text: str
    kind: ProofKind
    scripts: tuple[str, ...]


@dataclass(frozen=True)
class Task:
    number: int
    title: str
    owns: tuple[str, ...]
    proves: tuple[int, ...]
    after: tuple[int, ...]
    ticked: bool


words = st.lists(st.text(alphabet="abcäöü漢字XYZ", min_size=1, max_size=8), min_size=1, max_size=6).map(" ".join)
scripts = (
    st.text(alphabet="abc ;|&<>$'\"\\#=-`~()\n*!1", min_size=1, max_size=40)
    .map(lambda s: s.strip("\n"))
    .filter(lambda s: s.strip() and not any(not line.strip() and line for line in s.split("\n")))
)
globs = st.lists(
    st.text(alphabet="abc*._-(),; ", min_size=1, max_size=5).map(lambda s: s.strip() or "a"), min_size=1, max_size=3
).map("/".join)
numbers = st.integers(min_value=1, max_value=99)


@st.composite
def criteria(draw: st.DrawFn) -> list[Criterion]:
    found = []
    for number in draw(st.lists(numbers, min_size=1, max_size=4, unique=True)):
        kind = draw(st.sampled_from([kind for kind in ProofKind if kind is not ProofKind.GONE]))
        commands = draw(st.lists(scripts, min_size=1, max_size=3)) if kind in (ProofKind.CHANGE, ProofKind.KEEP) else []
        found.append(Criterion(number, draw(words), kind, tuple(commands)))
    return found


@st.composite
def tasks(draw: st.DrawFn) -> list[Task]:
    ids = draw(st.lists(numbers, max_size=3, unique=True))
    some = st.lists(numbers, max_size=2, unique=True).map(tuple)
    return [
        Task(n, draw(words), tuple(draw(st.lists(globs, max_size=2))), draw(some), draw(some), draw(st.booleans()))
        for n in ids
    ]


def fence_for(script: str) -> str:
    longest, run = 2, 0
    for char in script:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return "`" * (longest + 1)


def written(criterion: Criterion) -> str:
    mark = "(accept) " if criterion.kind is ProofKind.ACCEPT else ""
    lines = [f"- **AC-{criterion.number}** {mark}{criterion.text}"]
    word = "verify" if criterion.kind is ProofKind.CHANGE else "keep"
    for script in criterion.scripts:
        fence = fence_for(script)
        lines += [
            "",
            f"  {fence}sh {word}",
            *(f"  {line}" if line else "" for line in script.split("\n")),
            f"  {fence}",
        ]
    return "\n".join(lines)


def task_line(task: Task) -> str:
    details = []
    if task.owns:
        details.append("owns: " + ", ".join(f"`{glob}`" for glob in task.owns))
    if task.proves:
        details.append("proves: " + ", ".join(f"AC-{n}" for n in task.proves))
    if task.after:
        details.append("after: " + ", ".join(f"T-{n}" for n in task.after))
    end = f" ({'; '.join(details)})" if details else ""
    return f"- [{'x' if task.ticked else ' '}] **T-{task.number}** {task.title}{end}"


def as_read(spec: Spec) -> tuple[list[Criterion], list[Task]]:
    return (
        [Criterion(int(c.criterion_id[3:]), c.text, c.kind, tuple(k.script for k in c.commands)) for c in spec.criteria],
        [
            Task(int(t.task_id[2:]), t.title, t.owns, tuple(int(p[3:]) for p in t.proves), tuple(int(a[2:]) for a in t.after), t.claimed_done)
            for t in spec.tasks
        ],
    )  # fmt: skip


@settings(max_examples=80)
@given(words, words, criteria(), tasks())
def test_a_written_spec_is_read_back_the_same(
    title: str, intent: str, wanted: list[Criterion], plan: list[Task]
) -> None:
    lines = [
        f"# {title}",
        "## Intent",
        intent,
        "## Acceptance criteria",
        *map(written, wanted),
        "",
        "## Tasks",
        *map(task_line, plan),
        "",
    ]
    reading = read_native(PATH, "\n".join(lines).encode())
    assert reading.findings == ()
    assert reading.spec is not None
    assert (reading.spec.title, reading.spec.intent) == (title, intent)
    assert as_read(reading.spec) == (wanted, plan)
