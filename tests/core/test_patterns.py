"""Path patterns: gitignore's language, told by git itself and by pathspec, and never slow."""

import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import PathSpec

from bot.core.patterns import BadPattern, path_patterns, pattern_fault, readable_patterns

PATTERNS = [
    "src/**",
    "*.py",
    "/README.md",
    "docs/",
    "a/**/z",
    "**/deep/*.txt",
    "te?t.md",
    "[a-c].md",
    "[!a-c].md",
    "\\#hash",
    "name\\ ",
    "src/*/x",
    "**",
    "a/b/",
    "x**y",
    "[]-]",
    "lib/**/",
]
PATHS = [
    "src/a.py",
    "src/b/x",
    "src",
    "README.md",
    "docs/README.md",
    "docs/a/b.md",
    "a/z",
    "a/b/z",
    "a/b/c/z",
    "x/deep/1.txt",
    "deep/1.txt",
    "test.md",
    "text.md",
    "b.md",
    "d.md",
    "#hash",
    "name ",
    "src/b/x/y",
    "a/b/c",
    "xy",
    "xaay",
    "xa/ay",
    "]",
    "lib/one",
    "lib/two/one",
]


@pytest.fixture(scope="module")
def ignored_by_git(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """What git itself says of each pattern and each path, asked once for all paths of a pattern."""
    found = set()
    for pattern in PATTERNS:
        folder = tmp_path_factory.mktemp("ignore")
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
        (folder / ".gitignore").write_text(pattern + "\n")
        asked = subprocess.run(
            ["git", "-c", "core.quotePath=false", "check-ignore", "--no-index", "--stdin", "-z"],
            input="\0".join(PATHS),
            capture_output=True,
            text=True,
            cwd=folder,
            check=False,
        )
        found.update((pattern, path) for path in asked.stdout.split("\0") if path)
    return found


@pytest.mark.parametrize("pattern", PATTERNS)
def test_matches_what_git_ignores(pattern: str, ignored_by_git: set[tuple[str, str]]) -> None:
    ours = {path for path in PATHS if path_patterns([pattern]).matches(path)}
    assert ours == {path for known, path in ignored_by_git if known == pattern}


names = st.text(alphabet="ab.", min_size=1, max_size=4).filter(lambda name: name.strip("."))
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
globs = st.lists(st.text(alphabet="ab.*?", min_size=1, max_size=4) | st.just("**"), min_size=1, max_size=4).map(
    "/".join
)
lines = (
    st.tuples(st.sampled_from(["", "!", "/"]), globs, st.sampled_from(["", "/"]))
    .map("".join)
    # There pathspec differs from git, and we go with git: `**/` at the end, and `/*`, which takes folders with all that is in them.
    .filter(lambda line: not line.endswith("**/") and line.strip("!/") != "*")
)


@given(st.lists(lines, min_size=1, max_size=3), paths)
def test_agrees_with_pathspec(patterns: list[str], path: str) -> None:
    assert path_patterns(patterns).matches(path) == PathSpec.from_lines("gitignore", patterns).match_file(path)


def test_the_last_matching_pattern_decides() -> None:
    patterns = path_patterns(["src/**", "!src/secret/**", "src/secret/public.py"])
    assert patterns.deciding("src/a.py") == "src/**"
    assert not patterns.matches("src/secret/key")
    assert patterns.deciding("src/secret/public.py") == "src/secret/public.py"


def test_comments_and_blanks_match_nothing() -> None:
    assert not path_patterns(["# src", "", "   "]).matches("src")


@pytest.mark.parametrize("pattern", ["[a", "a\\", "//", "a//b", "/", "!", "[z-a]", "x" * 2_000, "a\nb", "[[:alpha:]]"])
def test_unreadable_patterns_are_named_and_grant_nothing(pattern: str) -> None:
    assert pattern_fault(pattern) != ""
    assert not readable_patterns([pattern]).matches("a")
    with pytest.raises(BadPattern):
        path_patterns([pattern])


def test_hostile_patterns_and_paths_cost_linear_time() -> None:
    started = time.perf_counter()
    assert not path_patterns(["*a" * 400 + "b"]).matches("a" * 4_000)
    assert not path_patterns(["**/a/" * 100 + "b"]).matches("a/" * 1_000 + "c")
    assert time.perf_counter() - started < 5
