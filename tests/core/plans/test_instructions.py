"""Which `AGENTS.md` files hold for what a task owns."""

import pytest

from bot.core.plans.instructions import nested_instructions

TREE = (
    "AGENTS.md",
    "README.md",
    "docs/guide.md",
    "src/AGENTS.md",
    "src/main.py",
    "src/api/AGENTS.md",
    "src/api/routes/users.py",
    "src/api/routes/posts.py",
    "src/web/page.py",
    "tools/xAGENTS.md",
)


@pytest.mark.parametrize(
    ("owns", "expected"),
    [
        (("docs/**",), ()),
        (("src/web/**",), ("src/AGENTS.md",)),
        (("src/api/routes/**",), ("src/api/AGENTS.md",)),
        (("users.py",), ("src/api/AGENTS.md",)),
        (("src/api/new/**", "!src/web/**"), ("src/api/AGENTS.md",)),
        (("/src/fresh.py",), ("src/AGENTS.md",)),
        (("src/**",), ("src/AGENTS.md", "src/api/AGENTS.md")),
        (("src/api/**", "src/web/page.py"), ("src/api/AGENTS.md", "src/AGENTS.md")),
        ((), ("src/AGENTS.md", "src/api/AGENTS.md")),
        (("a[", "../src/x.py", "/", ""), ()),
    ],
)
def test_the_nearest_file_of_what_is_owned_holds(owns: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert nested_instructions(TREE, owns) == expected


def test_without_nested_files_nothing_is_matched() -> None:
    assert nested_instructions(["AGENTS.md", "a.py"], ()) == ()
