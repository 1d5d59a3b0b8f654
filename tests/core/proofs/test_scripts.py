"""What a script starts, told from its words."""

import pytest

from bot.core.proofs.scripts import first_line, names_python, runs_pytest


@pytest.mark.parametrize(
    "script",
    [
        "pytest",
        "pytest -q tests",
        "python -m pytest -q tests/test_a.py::test_b",
        "python3.11 -X dev -m pytest",
        "cd sub && pytest -x",
        "PYTHONPATH=src timeout 30 pytest",
        "./venv/bin/pytest",
        "uv run pytest",
        "coverage run -m pytest",
        "set -e\npytest",
        "if pytest -q; then echo ok; fi",
        "(py.test)",
        "! pytest",
    ],
)
def test_pytest_is_recognised_where_it_is_started(script: str) -> None:
    assert runs_pytest(script)
    assert names_python(script)


@pytest.mark.parametrize(
    "script",
    ["grep pytest README.md", "test -f pytest.ini", "# pytest", "python -c 'import text'", "make test", "pytest-like"],
)
def test_pytest_is_not_seen_where_it_is_only_named(script: str) -> None:
    assert not runs_pytest(script)


@pytest.mark.parametrize(
    "script", ["python -c 1", "python3 x.py", "/usr/bin/python3.11 x.py", "echo x | python -", "pypy3 x.py"]
)
def test_python_is_named(script: str) -> None:
    assert names_python(script)


@pytest.mark.parametrize(
    "script", ["make test", "test -f x.python", "node x.js", "test -f pytest.ini.bak-python", "# python"]
)
def test_python_is_not_named(script: str) -> None:
    assert not names_python(script)


def test_the_first_line_is_the_first_with_something_on_it() -> None:
    assert first_line("\n  \n  make test \nmake more") == "make test"
    assert first_line(" \n") == ""
