"""The file paths that prose names: `src/app/page.tsx`, `docs/`, bare or in backticks, as patterns that a task may own. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.patterns import pattern_fault

MAX_ALTERNATIVES = 20
"""Paths that one word with `{a,b}` stands for; more are left as they are, and refused."""

MAX_PATH = 300
"""Characters of a path that is read; longer words are no paths that people write in a sentence."""

_WORDS = re.compile(r"(?:\{[^{}\s]{0,200}\}|[^\s,;\"'<>|“”‘’])+")
_BRACES = re.compile(r"\{([^{}]*,[^{}]*)\}")
_AFTER_LINE = re.compile(r":[0-9]+(?:[-:][0-9]+)?$")
_NAME = re.compile(r"[\w.@$+~\-*?\[\]()]+\Z")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,9}\Z|\.[cdhmrsv]\Z|\.[a-z]{1,5}[0-9]\Z")
_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|app|ai)\Z")
_WITHOUT_ENDING = frozenset({"Dockerfile", "Makefile", "Procfile", "Gemfile", "Rakefile", "Jenkinsfile", "CODEOWNERS"})
_AT_ROOT = frozenset(
    {
        *("Dockerfile", "Makefile", "Procfile", "Gemfile", "Rakefile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
        *("package.json", "tsconfig.json", "pyproject.toml", "requirements.txt", "setup.py", "setup.cfg", "Cargo.toml"),
        *("go.mod", "pom.xml", "build.gradle", "composer.json", "docker-compose.yml", "compose.yaml", ".gitignore"),
        *(".env.example", ".env.local", ".dockerignore", ".editorconfig"),
    }
)
"""Files that lie at a repository's top, read without a `/` when they stand in backticks: who may write `src/x.py` alone could not add the
dependency that the same sentence asks for."""


@dataclass(frozen=True, slots=True)
class NamedPaths:
    """Patterns in the order of the text, each once, and what looks like a path and can be none from the repository's root."""

    patterns: tuple[str, ...]
    refused: tuple[str, ...]


def named_paths(text: str) -> NamedPaths:
    """The paths in one line or paragraph. Takes time linear in the text.

    A path has a `/` and ends with a file's ending or with `/`, which stands for all in the folder. What stands in backticks together with blanks
    is a command or a sentence, and names none. Square brackets are part of a name, as in `app/[id]/page.tsx`, and are quoted in the pattern.
    """
    patterns: dict[str, None] = {}
    refused: dict[str, None] = {}
    for word, quoted in _words(text):
        for path in _alternatives(_trimmed(word)):
            pattern = _pattern(path)
            if pattern and _looks_like_path(path, quoted):
                patterns[pattern] = None
            elif _looks_like_path(path, quoted):
                refused[path] = None
    return NamedPaths(tuple(patterns), tuple(refused))


def _words(text: str) -> Iterator[tuple[str, bool]]:
    for index, piece in enumerate(text.split("`")):
        if index % 2 == 0:
            yield from ((word, False) for found in _WORDS.findall(piece) for word in found.split("]("))
        elif not any(map(str.isspace, piece)):
            yield piece, True


def _trimmed(word: str) -> str:
    """The word without the punctuation around it."""
    if len(word) > MAX_PATH:
        return ""
    path = _unmarked(word)
    while path.startswith("(") and path.endswith(")"):
        path = _unmarked(path[1:-1])
    while path.count(")") > path.count("(") and path.endswith(")"):
        path = _unmarked(path[:-1])
    while path.count("(") > path.count(")") and path.startswith("("):
        path = _unmarked(path[1:])
    return _AFTER_LINE.sub("", path).removeprefix("./")


def _alternatives(path: str) -> list[str]:
    """`a/{b,c}.py` written out, as a shell does; a gitignore pattern has no braces."""
    found = _BRACES.search(path)
    if found is None:
        return [path]
    heads = (f"{path[: found.start()]}{choice}" for choice in found[1].split(","))
    tails = _alternatives(path[found.end() :])
    every = [f"{head}{tail}" for head in heads for tail in tails]
    return every if len(every) <= MAX_ALTERNATIVES else [path]


def _unmarked(word: str) -> str:
    """The word without marks of punctuation behind it and without the stars or underscores of bold letters."""
    path = word.rstrip(".:!?…")
    if not path.startswith("**/"):
        path = path.strip("*")
    return path.strip("_") if path.startswith("_") and path.endswith("_") else path


def _looks_like_path(path: str, quoted: bool) -> bool:
    if "/" not in path:
        return quoted and path in _AT_ROOT
    if ":" in path or path.startswith(("@", "//", "#")) or path.strip("/.~") == "":
        return False
    first, *_, last = path.split("/")
    if _DOMAIN.match(first) is not None and first != ".github":
        return False
    if last == "":
        return not path.startswith("/")
    return _ENDING.search(last) is not None or last in _WITHOUT_ENDING


def _pattern(path: str) -> str:
    """The path as a pattern, "" for one that is refused."""
    parts = path.split("/")
    folder = parts[-1] == ""
    names = parts[:-1] if folder else parts
    if not all(_NAME.match(name) for name in names) or any(name.endswith(".") for name in names):
        return ""
    if path.startswith("~") or ".git" in (name.lower() for name in names):
        return ""
    quoted = "/".join(name.replace("[", "[[]") for name in names)
    pattern = f"{quoted}/**" if folder else quoted
    return pattern if pattern_fault(pattern) == "" else ""
