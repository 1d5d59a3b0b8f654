"""TP203: something that others wrote was added or changed. What installs it may run code, so a person has to know."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.spot import Spot, at_line

LOOKED_AT = 480
"""Characters of a line that are looked at."""

_VERSION = r"[\"'][\^~<>=v*]*\s*[\d*][^\"']*[\"']"
_MANIFESTS = (
    ("*requirements*.txt", re.compile(r"\s*[A-Za-z0-9-]")),
    ("*requirements*.in", re.compile(r"\s*[A-Za-z0-9-]")),
    ("pyproject.toml", re.compile(rf"\s*[\"'][A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*(?:[<>=!~;@(].*)?[\"'],?\s*(?:#.*)?$|(?:.*\b)?(?:dependencies|requires)\s*=|\s*(?!(?:target-|min)?version\b)[\w.-]+\s*=\s*{_VERSION}")),
    ("setup.cfg", re.compile(r"\s+[A-Za-z0-9][\w.-]*\s*(?:[<>=!~;\[].*)?$|install_requires")),
    ("setup.py", re.compile(r".*(?:install_requires|extras_require)|\s*[\"'][A-Za-z0-9][\w.-]*\s*[<>=!~;\[]")),
    ("package.json", re.compile(rf"\s*\"[@\w./-]+\"\s*:\s*(?:{_VERSION}|\"(?:workspace|file|link|git|npm|github|https?)[:+])")),
    ("Pipfile", re.compile(r"\s*[\w.-]+\s*=")),
    ("Cargo.toml", re.compile(rf"\s*[\w-]+\s*=\s*(?:{_VERSION}|\{{)")),
    ("go.mod", re.compile(r"\s*(?:require\s+)?[\w.-]+\.[\w.-]+/\S+\s+v\d|\s*replace\s")),
    ("Gemfile", re.compile(r"\s*gem\s")),
)  # fmt: skip

LOCKS = (
    *("*.lock", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "bun.lockb", "go.sum", "Pipfile.lock"),
    *(".npmrc", ".yarnrc", ".yarnrc.yml", "pip.conf", "uv.toml", ".pypirc", "pnpm-workspace.yaml", "go.work"),
)
"""Lock files, and files that say where packages are taken from. Any change counts: a line of one means nothing by itself."""


def is_lock(path: str) -> bool:
    name = path.rpartition("/")[2]
    return any(fnmatchcase(name, pattern) for pattern in LOCKS) or path.endswith(".cargo/config.toml")


def new_dependencies(file: FileDiff) -> Iterator[Spot]:
    """In manifests, line by line."""
    name = file.new.rpartition("/")[2]
    line_of = [pattern for manifest, pattern in _MANIFESTS if fnmatchcase(name, manifest)]
    for line in file.added if line_of else ():
        if any(pattern.match(line.text[:LOOKED_AT]) for pattern in line_of):
            yield at_line("TP203", file.new, line)
