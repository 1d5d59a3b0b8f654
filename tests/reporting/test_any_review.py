"""Any diff and any findings give a review that GitHub takes: the hub's own code judges, on diffs that git makes."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.diffs import commentable_lines
from bot.core.proofs.model import Executed, StoppedBy
from bot.core.pulls import ReviewDraft
from bot.core.reviews.choosing import placed
from bot.core.reviews.fingerprints import lines_of
from bot.core.reviews.model import ReviewFinding, Tried
from bot.hub import Hub, Repository
from bot.hub.changes.reviews import Remark
from bot.ids import CommandId, Digest, Sha
from bot.reporting.limits import INLINE_COMMENTS
from bot.reporting.masking import Redactor
from bot.reporting.review import AskedReview, asked_review_draft
from bot.reporting.suggestions import suggestion
from tests.conftest import one_key

BODY_LIMIT = 65_536
"""GitHub's, for a review's body and for each comment; counted here in UTF-16 units, which is the most that characters can count."""

BASE: Mapping[str, bytes] = {
    "a.py": b"".join(b"line %d\n" % number for number in range(1, 41)),
    "with blank/ü.txt": b"one\ntwo\nthree",
    "windows.txt": b"one\r\ntwo\r\nthree\r\n",
    "gone.txt": b"here\n",
    "untouched.md": b"# it\n",
}
PATHS = [*BASE, "nowhere.py", "", "../a.py"]
SECRET = "sk-of-the-property-0123456789"

lines = st.sampled_from(["x = 1", "", "  y()", "line 7", "```", "````x", "\tz", "/merge", "\u202eabc", "é𝄞", SECRET])
words = st.lists(lines | st.text(max_size=30), max_size=6).map("\n".join)
"""What a model writes: code, fences, commands to other bots, and anything else."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hub, Repository]]:
    with Hub(tmp_path_factory.mktemp("hub"), make_key=one_key) as hub:
        hub.add_user("ada")
        yield hub, hub.create_repository("ada/any", files=dict(BASE))


@st.composite
def changes(draw: st.DrawFn) -> dict[str, bytes | None]:
    """What a branch does to the files: lines replaced, taken out and put in at a few places, a file gone, one new."""
    made: dict[str, bytes | None] = {}
    for path in draw(st.lists(st.sampled_from(list(BASE)[:3]), unique=True, max_size=3)):
        kept = BASE[path].decode().split("\n")
        for place, width, new in draw(
            st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3), st.lists(lines, max_size=3)), max_size=3)
        ):
            kept[place : place + width] = new
        made[path] = "\n".join(kept).encode("utf-8", "replace")
    if draw(st.booleans()):
        made["gone.txt"] = None
    made["new/file.py"] = (
        "\n".join(draw(st.lists(lines, min_size=1, max_size=12) | st.just(["z"] * 9))).encode("utf-8", "replace")
        + b"\n"
    )
    return made


executions = st.none() | st.builds(
    lambda shown, output: Tried(shown, output, Executed(Digest("k"), 1, StoppedBy.NOTHING, output, Digest("d"), 0.1)),
    st.booleans(),
    words,
)
findings = st.builds(
    ReviewFinding,
    path=st.just("new/file.py") | st.just("a.py") | st.sampled_from(PATHS),
    line=st.integers(1, 8) | st.integers(0, 45),
    severity=st.sampled_from(["high", "medium", "low", "odd"]),
    message=words | st.just("w" * 2_000),
    end_line=st.integers(0, 10) | st.integers(0, 45),
    suggestion=st.none() | words | st.just("`" * 4_000),
    reproduce=words,
    kind=st.sampled_from(["behaviour", "hole"]),
    tried=executions,
)

numbers = count(1)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    made=changes(),
    found=st.lists(findings, max_size=14) | st.lists(findings, min_size=4, max_size=14),
    summary=words,
    blocking=st.booleans(),
)
def test_github_takes_every_review(
    site: tuple[Hub, Repository],
    made: dict[str, bytes | None],
    found: list[ReviewFinding],
    summary: str,
    blocking: bool,
) -> None:
    hub, repo = site
    branch = f"topic-{next(numbers)}"
    head = hub.commit(repo, branch, made, "Change", "ada")
    pull = hub.open_pull_request(repo, branch, "Any", "ada")
    files = {path: data for path, data in {**BASE, **made}.items() if data is not None}
    told = placed(found, files)
    rows = tuple((one.fingerprint, f"R-{number}") for number, one in enumerate(told, start=1)) if blocking else ()
    asked = AskedReview(CommandId("comment:1:1"), Sha(head), told, summary, rows=rows)
    shown = commentable_lines(diff(repo.path, head))
    draft = asked_review_draft(asked, shown, Redactor((SECRET,)))
    within_limits(draft)
    for comment in draft.comments:
        block = re.search(r"^(`{3,})suggestion\n(.*?)^\1$", comment.body, re.MULTILINE | re.DOTALL)
        if block is not None:
            applied(block[2], comment.start_line or comment.line, comment.line, files[comment.path], told)
    remarks = [
        Remark(one.path, one.body, one.line, "RIGHT", one.start_line, "RIGHT" if one.start_line else None)
        for one in draft.comments
    ]
    hub.review(repo, pull.number, "ada", "COMMENT", draft.body, remarks)


def diff(folder: Path, head: str) -> str:
    command = ["git", "-C", str(folder), "diff", "-M", "--no-color", "--no-ext-diff", f"main...{head}"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "replace")


def within_limits(draft: ReviewDraft) -> None:
    assert draft.body.strip()
    assert len(draft.comments) <= INLINE_COMMENTS
    for text in (draft.body, *(comment.body for comment in draft.comments)):
        assert len(text.encode("utf-16-le", "surrogatepass")) // 2 <= BODY_LIMIT
        assert SECRET not in text
    for comment in draft.comments:
        assert comment.start_line is None or 1 <= comment.start_line < comment.line


def applied(block: str, first: int, last: int, content: bytes, told: tuple[ReviewFinding, ...]) -> None:
    """A block replaces just the lines that its finding named, with just its text, and that changes something."""
    meant = [one for one in told if one.suggestion is not None and (one.line, one.last_line) == (first, last)]
    text = block.removesuffix("\n")
    assert text in [(one.suggestion or "").removesuffix("\n") for one in meant]
    assert text != "\n".join(lines_of(content)[first - 1 : last])


@given(text=words)
def test_nothing_in_a_suggestion_ends_its_block(text: str) -> None:
    block = suggestion(text)
    opening, *inner = block.split("\n")
    ticks = opening.removesuffix("suggestion")
    assert inner.pop() == ticks
    assert "\n".join(inner) == text.removesuffix("\n") or not text
    assert not any(re.fullmatch(rf" {{0,3}}{ticks}`*[ \t]*", line) for line in inner)


def test_what_must_not_be_applied_blindly_is_only_shown() -> None:
    added = "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,4 @@\n one\n+two\n+three\n four\n"
    shown = commentable_lines(added)
    good = ReviewFinding("a.py", 2, "high", "Wrong.", 3, "2\n3")
    for finding, can_be_applied in (
        (good, True),
        (replace(good, suggestion=""), True),
        (replace(good, end_line=5), False),
        (replace(good, line=9, end_line=9), False),
        (replace(good, suggestion="/merge\n"), False),
        (replace(good, suggestion=f"key = '{SECRET}'"), False),
        (replace(good, suggestion="a\r\nb"), False),
        (replace(good, suggestion="if x:\u202e y"), False),
        (replace(good, suggestion="x" * 20_000), False),
    ):
        asked = AskedReview(CommandId("c"), Sha("a" * 40), (finding,), "")
        draft = asked_review_draft(asked, shown, Redactor((SECRET,)))
        said = "".join([draft.body, *(comment.body for comment in draft.comments)])
        assert ("```suggestion\n" in said) is can_be_applied, finding
        assert SECRET not in said
