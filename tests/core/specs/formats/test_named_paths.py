"""Which words of a sentence are paths that a task may own."""

import pytest

from bot.core.patterns import path_patterns
from bot.core.specs.formats.named_paths import MAX_PATH, named_paths


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("in src/a.py", ("src/a.py",)),
        ("in `src/a.py`, `src/b.py` and src/c.py.", ("src/a.py", "src/b.py", "src/c.py")),
        ("in src/x/ and (docs/).", ("src/x/**", "docs/**")),
        ("in **src/a.py**: x", ("src/a.py",)),
        ("in ./src/a.py:42", ("src/a.py",)),
        ("in __tests__/a.ts, __src/b.ts__", ("__tests__/a.ts", "src/b.ts")),
        ("see [here](docs/a.md)", ("docs/a.md",)),
        ("(see src/app/(auth)/page.tsx)", ("src/app/(auth)/page.tsx",)),
        (".github/workflows/ci.yml", (".github/workflows/ci.yml",)),
        ("packages/ui/*.native.tsx and **/test.py", ("packages/ui/*.native.tsx", "**/test.py")),
        ("`lib/{a,b}/x.py` and test/{unit,widget}/.", ("lib/a/x.py", "lib/b/x.py", "test/unit/**", "test/widget/**")),
        ("docker/Dockerfile", ("docker/Dockerfile",)),
        ("`package.json` and `README.md`", ("package.json", "README.md")),
        ("src/a.py twice src/a.py", ("src/a.py",)),
    ],
)
def test_paths(text: str, patterns: tuple[str, ...]) -> None:
    assert named_paths(text).patterns == patterns
    assert named_paths(text).refused == ()


@pytest.mark.parametrize(
    "text",
    [
        "and/or, he/she, client/server, Base/Flyer/Hybrid",
        "https://example.org/a.html and github.com/a/b.git",
        "`@scope/pkg/` `next/dynamic` `@/lib/errors.ts`",
        "GET /api/events/:id and PATCH /api/me",
        "TLS/1.2 and HTTP/1.1, 3/4, e.g./i.e.",
        "`npm run test -- tests/unit/`",
        "package.json and README.md, `Card.web.tsx`, `cities.slug`",
        "a / b /",
        "src/" + "a" * MAX_PATH + ".py",
    ],
)
def test_no_paths(text: str) -> None:
    assert named_paths(text).patterns == ()
    assert named_paths(text).refused == ()


@pytest.mark.parametrize(
    "path",
    [
        "/etc/app.conf",
        "../base.json",
        "src/../a.py",
        "~/a.txt",
        ".git/hooks/a.sh",
        "a//b.py",
        "a/{b.py",
        "a/{1,2}{1,2,3,4}{1,2,3}.py",
    ],
)
def test_paths_that_nobody_owns_are_refused(path: str) -> None:
    found = named_paths(f"change {path}, please")
    assert (found.patterns, found.refused) == ((), (path,))


def test_brackets_are_a_name_and_no_class() -> None:
    (pattern,) = named_paths("app/[[...slug]]/[id]/page.tsx").patterns
    patterns = path_patterns([pattern])
    assert patterns.matches("app/[[...slug]]/[id]/page.tsx")
    assert not patterns.matches("app/s/i/page.tsx")
