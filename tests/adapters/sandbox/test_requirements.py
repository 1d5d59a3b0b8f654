"""Which packages a repository needs, from what it says."""

import pytest

from bot.adapters.sandbox.requirements import wanted
from bot.errors import EnvironmentFault

PYPROJECT = b"""
[project]
name = "Text.Cut"
requires-python = ">=3.9, <4"
dependencies = ["regex>=2024; python_version > '3.8'", "local @ file:///etc/passwd"]
[project.optional-dependencies]
test = ["pytest>=8", "text_cut[fast]", "attrs"]
docs = ["sphinx"]
[dependency-groups]
dev = ["hypothesis", {include-group = "test"}]
"""


def test_the_manifests_are_read() -> None:
    found = wanted(
        None, {"pyproject.toml": PYPROJECT, "requirements-dev.txt": b"coverage==7.1  # why\n\n-r other.txt\n-e .\n"}
    )
    assert found.requirements == (
        "attrs",
        "coverage==7.1",
        "hypothesis",
        "pytest>=8",
        "regex>=2024; python_version > '3.8'",
    )
    assert found.passed_over == ("local @ file:///etc/passwd",)
    assert found.minor == 9


def test_owners_who_say_that_nothing_is_needed_are_believed() -> None:
    assert wanted((), {"test_it.py": b"", "requirements.txt": b"attrs"}).requirements == ()


def test_pytest_comes_with_anything_in_python() -> None:
    assert wanted(None, {"a/test_b.py": b""}).requirements == ("pytest",)
    assert wanted(None, {"pyproject.toml": b""}).requirements == ("pytest",)
    assert wanted(None, {"main.go": b"", "README.md": b""}).requirements == ()
    assert wanted(None, {"requirements.txt": b"PyTest<9"}).requirements == ("PyTest<9",)


def test_what_is_configured_counts_alone() -> None:
    assert wanted(("b", " a>=1,<2 ", "b"), {"pyproject.toml": PYPROJECT}).requirements == ("a>=1,<2", "b")


@pytest.mark.parametrize(
    "line",
    [
        *(
            "-e .",
            "--index-url=https://evil.example",
            "-r x",
            ".",
            "./x",
            "/etc",
            "../x.whl",
            "git+https://e.example/x",
        ),
        *(
            "x @ https://evil.example/x.whl",
            "https://evil.example/x.whl",
            "a b",
            "a\n--pre",
            "",
            "a;$(touch x)",
            "a>=1;`x`",
        ),
        *("a[", "a]", "a>=", "a==1 --hash=sha256:00", "x" * 300),
    ],
)
def test_anything_but_a_plain_requirement_is_refused(line: str) -> None:
    with pytest.raises(EnvironmentFault, match="plain requirement"):
        wanted((line,), {})
    assert line not in wanted(None, {"requirements.txt": line.encode()}).requirements


@pytest.mark.parametrize(
    "line", ["pytest", "a.b-c_d", "a[x,y]>=1.0,!=1.5", "a~=1.0", "a===1.0+local", "a >= 1 ; python_version < '3.12'"]
)
def test_plain_requirements_are_taken(line: str) -> None:
    assert wanted((line,), {}).requirements == (line,)


@pytest.mark.parametrize(
    "manifest", [b"\xff\xfe", b"[project", b"[project]\ndependencies = 3", b"project = 1", b"a=" + b"[" * 5000]
)
def test_broken_manifests_say_nothing(manifest: bytes) -> None:
    assert wanted(None, {"pyproject.toml": manifest}).requirements == ("pytest",)


def test_a_manifest_without_end_is_refused() -> None:
    many = "\n".join(["pytest", *(f"package{n}" for n in range(299))]).encode()
    with pytest.raises(EnvironmentFault, match="300"):
        wanted(None, {"requirements.txt": many})
