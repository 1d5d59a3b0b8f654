"""Which paths a task's title names. Ownership is enforced later, so only what is plainly a path of this repository counts. Pure."""

import re
from dataclasses import dataclass, field

MAX_NAMED = 500
"""Paths looked at in one file of tasks, as many as the linter looks at in one spec; honest files have a few dozen."""

MAX_PATH = 200
"""Characters of a path that is named in a title; longer ones are no names that people write."""

_LINES = re.compile(r":[0-9][0-9,:-]*\Z")
_PATH = re.compile(r"[\w.*?-]+(?:/[\w.*?-]+)*/?")
_PATH_LIKE = re.compile(r"/?[\w.*?\[\]{}@~-]+(?:/[\w.*?\[\]{}@~-]+)+/?|[\w.*?\[\]{}@~-]+/")
_NAMED_FILE = re.compile(
    r"[\w.-]*\.(?:py|pyi|js|cjs|mjs|jsx|ts|tsx|json|md|mdx|yaml|yml|toml|ini|cfg|txt|lock|go|rs|rb|java|kt|swift|c|h|cc|cpp|hpp|cs|php|sh|bash|sql|"
    r"html|css|scss|vue|svelte|proto|tf|nix|xml|gradle)"
)
"""Only names with such an ending are files without a folder: `README.md` is one, `process.exitCode` is none."""

_HOST = re.compile(r"[\w-]+\.(?:com|org|net|io|dev|ai)/")
_OPENSPEC = "openspec/"


@dataclass(slots=True)
class Owned:
    """The paths found so far in one file."""

    _left: int = MAX_NAMED
    _known: dict[str, tuple[str, str]] = field(default_factory=dict)

    def read(self, title: str) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        """The patterns that a title names, and (text, reason) for each that looks like a path and is not taken."""
        patterns: list[str] = []
        refused: list[tuple[str, str]] = []
        for quoted in _quoted(title):
            if quoted not in self._known:
                self._known[quoted] = self._judged(quoted)
            pattern, reason = self._known[quoted]
            if pattern:
                patterns.append(pattern)
            elif reason:
                refused.append((quoted, reason))
        return tuple(dict.fromkeys(patterns)), tuple(refused)

    def _judged(self, quoted: str) -> tuple[str, str]:
        path = _LINES.sub("", quoted).removeprefix("./")
        if not _is_path(path):
            return "", ""
        self._left -= 1
        if self._left < 0:
            return "", f"is one of more than {MAX_NAMED} paths"
        pattern = f"{path}**" if path.endswith("/") else path
        fault = _fault(path)
        return ("", fault) if fault else (pattern, "")


def _is_path(text: str) -> bool:
    """True for what people would take for a path: with a folder, or with the ending of a file."""
    if "/" not in text:
        return _NAMED_FILE.fullmatch(text) is not None
    last = text.rstrip("/").rpartition("/")[2]
    tells = "." in last or "*" in last or text.endswith("/")
    return tells and _PATH_LIKE.fullmatch(text) is not None and _HOST.match(text) is None


def _fault(path: str) -> str:
    """Why a path cannot be owned, "" when it can."""
    parts = path.lower().split("/")
    if path.startswith(("/", "~")) or ".." in parts or ".git" in parts:
        return "is no path from the repository's root"
    if _PATH.fullmatch(path) is None:
        return "holds signs that mean something else in a path pattern"
    return "is OpenSpec's own, which agents do not write" if path.startswith(_OPENSPEC) else ""


def _quoted(title: str) -> list[str]:
    """What stands in backticks and is one word."""
    pieces = title.split("`")
    closed = pieces[1::2] if len(pieces) % 2 else pieces[1:-1:2]
    return [piece for piece in closed if 0 < len(piece) <= MAX_PATH and not any(map(str.isspace, piece))]
