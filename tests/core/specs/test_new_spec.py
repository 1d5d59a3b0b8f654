"""A new spec gets the next name in its folder, and starts as a draft that the linter leaves in peace."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.core.policy.model import RepositoryConfig
from bot.core.policy.paths import name_fault
from bot.core.specs.conventions import Conventions, conventions
from bot.core.specs.formats.native import read_native
from bot.core.specs.invisible import remove_invisible
from bot.core.specs.layouts import place_of
from bot.core.specs.linter import LintContext, lint
from bot.core.specs.model import Finding, Reading, Severity, SpecFormat
from bot.core.specs.new_spec import new_path, readable_title, skeleton, slug
from bot.core.specs.tree import TreePaths
from bot.core.specs.writing import to_markdown
from bot.errors import UserFault


def named(*existing: str, specs: tuple[str, ...] = RepositoryConfig().specs) -> str:
    return new_path("Cut it", TreePaths.of(existing), RepositoryConfig(specs=specs))


@pytest.mark.parametrize(
    ("existing", "path"),
    [
        ((), "specs/0001-cut-it.md"),
        (("specs/README.md",), "specs/0001-cut-it.md"),
        (("specs/0007-a.md", "specs/0002-b.md"), "specs/0008-cut-it.md"),
        (("specs/001-a.md",), "specs/002-cut-it.md"),
        (("specs/9-a.md", "specs/10-b.md"), "specs/11-cut-it.md"),
        (("specs/0999_a.md", "specs/plain.md"), "specs/1000_cut-it.md"),
        (("specs/plain.md",), "specs/cut-it.md"),
        (("specs/2026-11-28-day.md",), "specs/cut-it.md"),
        (("specs/20261128123-a.md",), "specs/cut-it.md"),
        (("specs/003-feature/spec.md",), "specs/004-cut-it.md"),
        (("specs/0005-notes.txt", "other/0009-a.md"), "specs/0001-cut-it.md"),
    ],
)
def test_the_next_number_follows_the_specs_that_are_there(existing: tuple[str, ...], path: str) -> None:
    assert named(*existing) == path


@pytest.mark.parametrize(
    ("specs", "path"),
    [
        (("docs/specs/*.md", "specs/**"), "docs/specs/0001-cut-it.md"),
        (("**/*.spec.md",), "specs/0001-cut-it.spec.md"),
        (("!specs/x.md", "plans/**/*.plan.md"), "plans/0001-cut-it.plan.md"),
        (("specs/*/spec.md", "**/*.md"), "specs/0001-cut-it.md"),
    ],
)
def test_the_place_follows_from_the_globs(specs: tuple[str, ...], path: str) -> None:
    assert named(specs=specs) == path


def test_where_nothing_follows_or_the_name_is_taken_the_author_decides() -> None:
    with pytest.raises(UserFault, match="no place"):
        named(specs=("specs/*/spec.md",))
    with pytest.raises(UserFault, match="no place"):
        new_path("a", TreePaths.of(()), RepositoryConfig(formats=(SpecFormat.KIRO,)))
    with pytest.raises(UserFault, match=r"specs/cut-it\.md already"):
        named("specs/cut-it.md", "specs/plain.md")


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("Cut long text, at a word!", "cut-long-text-at-a-word"),
        ("Über die Brücke: ﬁnal №5", "uber-die-brucke-final-no5"),
        ("Don't stop; it’s fine", "dont-stop-its-fine"),
        ("Привет, мой мир", "привет-мой-мир"),
        ("日本語 の 仕様", "日本語-の-仕様"),
        ("한국어", "한국어"),
        ("हिन्दी लेख", "हिन्दी-लेख"),
        ("../../etc/passwd", "etc-passwd"),
        ("a\u202eb\u200bc\n\td", "a-b-c-d"),
        ("!!! 👍", "spec"),
        (
            "one two three four five six seven eight nine ten eleven twelve",
            "one-two-three-four-five-six-seven-eight-nine-ten",
        ),
        ("x" * 300, "x" * 50),
    ],
)
def test_a_title_becomes_a_name(title: str, part: str) -> None:
    assert slug(title) == part


@given(st.text())
def test_any_title_becomes_a_name_that_can_be_checked_out(title: str) -> None:
    path = new_path(title, TreePaths.of(()), RepositoryConfig())
    assert name_fault(path) is None
    assert place_of(path, RepositoryConfig()) is not None
    assert not any(char.isspace() or char in "*?[]'\"$`;&|<>" for char in path)


def test_a_title_is_what_people_see_of_it() -> None:
    assert readable_title("  Cut\n\u202eit\u200b ") == "Cut it"
    with pytest.raises(UserFault):
        readable_title("\u200b \n")


REPOSITORIES = {
    "python": ("src/a.py", "tests/test_a.py", "pyproject.toml"),
    "python at the root": ("cut.py", "test_cut.py"),
    "go": ("go.mod", "cmd/main.go"),
    "node": ("lib/a.test.js", "lib/a.js"),
    "ruby": ("Gemfile", "lib/a.rb", "spec/a_spec.rb"),
    "nothing": (),
    "only words": ("README.md",),
}


def told(title: str, tree: tuple[str, ...], *, ready: bool = False) -> tuple[str, tuple[Finding, ...]]:
    """The skeleton's text, and what the linter says about it in its tree."""
    config = RepositoryConfig()
    found: Conventions = conventions(TreePaths.of(tree), {}, config.protected)
    path = new_path(title, TreePaths.of(tree), config)
    text = to_markdown(skeleton(path, title, found))
    reading: Reading = read_native(path, (text.replace("status: draft", "status: ready") if ready else text).encode())
    return text, lint(reading, LintContext(frozenset((*tree, path)), config))


@pytest.mark.parametrize("name", REPOSITORIES)
def test_a_fresh_skeleton_is_left_in_peace_and_a_ready_one_is_not(name: str) -> None:
    _, findings = told("Cut it", REPOSITORIES[name])
    assert findings == ()
    _, findings = told("Cut it", REPOSITORIES[name], ready=True)
    assert "SB303" in {f.rule for f in findings}


def test_the_skeleton_speaks_of_this_repository() -> None:
    text, findings = told("Cut it", REPOSITORIES["python"])
    assert "status: draft\nscope: [src/**, tests/**]\nkeep: [python -m pytest -q tests]\n" in text
    assert "# Cut it\n\n## Intent\n\nTBD: " in text
    assert "  ```sh verify\n  python -m pytest -q tests/test_cut_it.py\n  ```\n" in text
    assert "(owns: `src/**`, `tests/**`; proves: AC-1)" in text
    assert findings == ()
    assert "```sh verify\n  go test -run '^TestCutIt$' ./...\n" in told("Cut it", REPOSITORIES["go"])[0]
    assert "keep" not in told("Cut it", ())[0]


@given(st.text(min_size=1, max_size=40))
@example("\x1f.")
@example("x\ufe0f\u200d\U0001f600")
def test_any_title_makes_a_skeleton(title: str) -> None:
    assume(remove_invisible(title)[0].strip())
    _, findings = told(readable_title(title), REPOSITORIES["python"])
    assert [f for f in findings if f.severity is not Severity.NOTICE] == []
