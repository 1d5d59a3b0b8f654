"""What a verification script starts, as far as its words tell. The scripts come from the spec at the starting head, so they
are not hostile to the proof; what they start may be."""

import re
from functools import cache

_PREFIX = r"(?:(?:\w+=\S*|env|exec|time|nice|command|timeout\s+\S+|(?:uv|poetry|pdm|hatch|pipenv)\s+run)\s+)*"
_RUNS_PYTEST = re.compile(
    r"(?:^|[;&|(`{!\n]|\b(?:then|do|else|if|while)\b)\s*" + _PREFIX + r"(?:\S*/)?(?:pytest|py\.test)(?![\w.-])"
    r"|\s-m\s+(?:pytest|py\.test)(?![\w.-])"
)
_NAMES_PYTHON = re.compile(r"(?<![\w.-])(?:pypy|python)[\d.]*(?![\w-])|(?<![\w.-])(?:pytest|py\.test)(?![\w.-])")
_NAMES_NODE = re.compile(r"(?<![\w.-])node(?![\w.-])")
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")


def runs_pytest(script: str) -> bool:
    """True when the script starts pytest as a command or as a module, so that a missing report means something."""
    return _RUNS_PYTEST.search(without_comments(script)) is not None


def starts(script: str, program: str) -> bool:
    """True when a command of the script begins with `program`, a regular expression of ours."""
    return _starting(program).search(without_comments(script)) is not None


@cache
def _starting(program: str) -> re.Pattern[str]:
    before = r"(?:^|[;&|(`{!\n]|\b(?:then|do|else|if|while)\b)\s*"
    launchers = r"(?:(?:npx|bunx|pnpm\s+exec|pnpm|yarn)\s+(?:-\S+\s+)*)?"
    return re.compile(before + _PREFIX + launchers + r"(?:\S*/)?(?:" + program + r")(?![\w.-])")


def without_comments(script: str) -> str:
    return _COMMENT.sub("", script)


def names_python(script: str) -> bool:
    """True when a word of the script is a Python interpreter or pytest."""
    return _NAMES_PYTHON.search(without_comments(script)) is not None


def names_node(script: str) -> bool:
    """True when a word of the script is the Node interpreter."""
    return _NAMES_NODE.search(without_comments(script)) is not None


def first_line(script: str) -> str:
    """The script's first line with something on it, for sentences."""
    return next((line.strip() for line in script.splitlines() if line.strip()), "")
