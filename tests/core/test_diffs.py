"""Which lines can carry a comment: told from real git diffs, never raising on any text."""

import difflib
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.diffs import CommentableLines, Hunk, commentable_lines
from bot.core.pulls import InlineComment


class Repo:
    """A throw-away repository whose next diff is asked of git itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *identity, *arguments], cwd=self.folder, check=True, capture_output=True)
        return done.stdout.decode("utf-8", "replace")

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x")

    def diff(self, *options: str) -> CommentableLines:
        self.git("add", "-A")
        return commentable_lines(self.git(*options, "diff", "--cached", "-M", "HEAD"))

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path)


def numbered(*changed: int, count: int = 30) -> str:
    return "".join(f"line {n}{' changed' if n in changed else ''}\n" for n in range(1, count + 1))


def lines(found: CommentableLines, path: str) -> set[int]:
    return {
        line
        for file in found.files
        if file.path == path
        for hunk in file.hunks
        for line in range(hunk.first, hunk.last + 1)
    }


def test_changed_lines_and_three_around_them(repo: Repo) -> None:
    repo.write("a.txt", numbered())
    repo.commit()
    repo.write("a.txt", numbered(5, 25))
    found = repo.diff()
    assert lines(found, "a.txt") == {*range(2, 9), *range(22, 29)}
    assert found.hunk("a.txt", 5) == Hunk(2, 8)
    assert not found.can_carry("a.txt", 9)
    assert not found.can_carry("b.txt", 5)


def test_new_deleted_renamed_and_binary_files(repo: Repo) -> None:
    repo.write("gone.txt", numbered(count=3))
    repo.write("old name.txt", numbered())
    repo.write("moved.txt", "same\n" * 10)
    repo.write("image.bin", "\0\1\2")
    repo.commit()
    (repo.folder / "gone.txt").unlink()
    (repo.folder / "old name.txt").rename(repo.folder / "new name.txt")
    (repo.folder / "moved.txt").rename(repo.folder / "moved2.txt")
    repo.write("new name.txt", numbered(30))
    repo.write("image.bin", "\0\1\3")
    repo.write("new.txt", "a\nb")
    repo.write("empty.txt", "")
    found = repo.diff()
    assert {file.path for file in found.files} == {"new name.txt", "new.txt"}
    assert lines(found, "new name.txt") == {27, 28, 29, 30}
    assert lines(found, "new.txt") == {1, 2}


def test_a_file_without_a_line_end_at_its_end(repo: Repo) -> None:
    repo.write("a.txt", "1\n2\n3")
    repo.write("b.txt", "1\n2\n3")
    repo.write("c.txt", "1\n2\n3\n")
    repo.commit()
    repo.write("a.txt", "1\n2\n3\n4")
    repo.write("b.txt", "1\n2\n3\n")
    repo.write("c.txt", "1\n2\n3")
    found = repo.diff()
    assert lines(found, "a.txt") == {1, 2, 3, 4}
    assert lines(found, "b.txt") == lines(found, "c.txt") == {1, 2, 3}


NAMES = [
    "plain",
    "two words",
    'quo"te',
    "tab\there",
    "back\\slash",
    "wörd",
    "漢字",
    "a b/c b/d",
    "new\nline",
    "'single'",
    "b/b",
    "+++ b",
    " lead",
    "trail ",
]


@pytest.mark.parametrize("quoting", ["true", "false"])
def test_odd_names_are_read_as_git_writes_them(repo: Repo, quoting: str) -> None:
    for name in NAMES:
        repo.write(name, numbered())
    repo.commit()
    for name in NAMES:
        repo.write(name, numbered(15))
    found = repo.diff("-c", f"core.quotePath={quoting}")
    assert {file.path for file in found.files} == set(NAMES)
    for name in NAMES:
        assert lines(found, name) == set(range(12, 19))


def test_names_that_are_no_text_carry_nothing(repo: Repo) -> None:
    (repo.folder / "x").write_text("1\n")
    bad = bytes(repo.folder) + b"/\xff.txt"
    with open(bad, "wb") as file:
        file.write(b"1\n")
    repo.commit()
    with open(bad, "wb") as file:
        file.write(b"2\n")
    repo.write("x", "2\n")
    assert {file.path for file in repo.diff().files} == {"x"}
    assert {file.path for file in repo.diff("-c", "core.quotePath=false").files} == {"x"}


def test_content_that_looks_like_a_diff_is_content(repo: Repo) -> None:
    text = "-- a/x\n++ b/x\ndiff --git a/y b/y\n@@ -1 +1 @@\n\\ No newline at end of file\n\n\x0cform\x0bfeed\u2028x\rend\n"
    repo.write("a.txt", text + numbered())
    repo.commit()
    repo.write("a.txt", "first\n" + numbered())
    found = repo.diff()
    assert [file.path for file in found.files] == ["a.txt"]
    assert lines(found, "a.txt") == {1, 2, 3, 4}


def test_links_modes_and_submodules(repo: Repo) -> None:
    repo.write("run.sh", "a\n")
    (repo.folder / "link").symlink_to("run.sh")
    repo.commit()
    head = repo.git("rev-parse", "HEAD").strip()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    (repo.folder / "run.sh").chmod(0o755)
    (repo.folder / "link").unlink()
    repo.write("link", "now a file\n")
    repo.git("add", "run.sh", "link")
    found = commentable_lines(repo.git("diff", "--cached", "-M", "HEAD"))
    assert [file.path for file in found.files] == ["link"]
    assert lines(found, "link") == {1}


@pytest.fixture
def two_hunks(repo: Repo) -> CommentableLines:
    repo.write("a.txt", numbered())
    repo.commit()
    repo.write("a.txt", numbered(5, 25))
    return repo.diff()


@pytest.mark.parametrize(
    ("start", "line", "placed"),
    [
        (None, 5, (None, 5)),
        (None, 12, None),
        (2, 8, (2, 8)),
        (8, 2, (2, 8)),
        (5, 5, (None, 5)),
        (5, 25, (None, 25)),
        (5, 12, (None, 5)),
        (12, 25, (None, 25)),
        (10, 12, None),
        (0, 2, (None, 2)),
        (-5, 0, None),
    ],
)
def test_ranges_stay_in_one_hunk(
    two_hunks: CommentableLines, start: int | None, line: int, placed: tuple[int | None, int] | None
) -> None:
    comment = InlineComment("a.txt", line, "words", start)
    kept, left_over = two_hunks.placeable([comment])
    if placed is None:
        assert (kept, left_over) == ((), (comment,))
    else:
        assert left_over == ()
        assert [(c.path, c.start_line, c.line, c.body) for c in kept] == [("a.txt", *placed, "words")]


def test_nothing_is_lost_and_the_order_stays(two_hunks: CommentableLines) -> None:
    comments = [
        InlineComment(path, line, f"{n}")
        for n, (path, line) in enumerate([("a.txt", 25), ("b", 1), ("a.txt", 3), ("a.txt", 15)])
    ]
    kept, left_over = two_hunks.placeable(comments)
    assert [c.body for c in kept] == ["0", "2"]
    assert [c.body for c in left_over] == ["1", "3"]


HEAD = "diff --git a/x b/x\n--- a/x\n+++ b/x\n"


@pytest.mark.parametrize(
    "diff",
    [
        "",
        "\n",
        "nonsense",
        HEAD,
        HEAD + "@@ -1 +1 @@\n",
        HEAD + "@@ -1,2 +1,2 @@\n a\n",
        HEAD + "@@ -1,2 +1 @@\n-a\n+b\n+c\n",
        HEAD + "@@ -1 +1 @@\n?what\n",
        HEAD + f"@@ -1 +1,{'9' * 5000} @@\n+b\n",
        HEAD + "@@ -0,0 +0,0 @@\n",
        "@@ -1 +1 @@\n-a\n+b\n",
        "+++ b/x\n@@ -1 +1 @@\n-a\n+b\n".replace("+++ b/x", '+++ "b/\\777'),
        "diff --git a/x b/x\nBinary files a/x and b/x differ\n",
        "diff --git a/x b/x\nGIT binary patch\nliteral 3\nKcmZQzWMXDvWMt$6\n",
        "diff --git a/x b/x\nold mode 100644\nnew mode 100755\n",
        "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n",
    ],
)
def test_malformed_parts_carry_nothing_and_hurt_no_other(diff: str) -> None:
    assert commentable_lines(diff).files == ()
    good = "diff --git a/ok b/ok\n--- a/ok\n+++ b/ok\n@@ -1 +1,2 @@\n a\n+b\n"
    assert lines(commentable_lines(diff + "\n" + good), "ok") == {1, 2}


parts = st.sampled_from(
    [
        HEAD,
        "@@ -1 +1 @@\n",
        "@@ -1,2 +3,4 @@ x\n",
        " a\n",
        "+b\n",
        "-c\n",
        "\\ No newline at end of file\n",
        "--- a/y\n",
        "+++ b/y\n",
        "\n",
        "diff --git ",
        "\r",
        "@@ ",
    ]
)


@given(st.lists(parts | st.text(max_size=10), max_size=25).map("".join))
def test_any_text_is_read_without_an_exception(diff: str) -> None:
    found = commentable_lines(diff)
    for file in found.files:
        for hunk in file.hunks:
            assert 1 <= hunk.first <= hunk.last


texts = st.lists(st.text(alphabet="ab \x0c\u2028\r", max_size=3), max_size=30)


@given(texts, texts)
def test_agrees_with_the_hunks_that_were_made(old: list[str], new: list[str]) -> None:
    body = [line + "\n" for line in difflib.unified_diff(old, new, "a/x", "b/x", lineterm="")]
    found = commentable_lines("diff --git a/x b/x\n" + "".join(body))
    expected: set[int] = set()
    for group in difflib.SequenceMatcher(None, old, new).get_grouped_opcodes(3):
        expected |= set(range(group[0][3] + 1, group[-1][4] + 1))
    assert lines(found, "x") == expected


def test_a_large_diff_is_read_in_linear_time() -> None:
    body = "".join(f"@@ -{n * 10 + 1} +{n * 10 + 1} @@\n-a\n+b\n" for n in range(50_000))
    started = time.perf_counter()
    found = commentable_lines(HEAD + body)
    assert time.perf_counter() - started < 10
    assert len(found.files[0].hunks) == 50_000
