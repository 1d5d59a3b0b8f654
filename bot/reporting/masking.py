"""Live secrets out of everything that leaves us, in whatever dress they come."""

import base64
import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, cast

from bot.core.visible import visible

T = TypeVar("T")

MASK = "[secret removed]"

SHORTEST_SECRET = 12
"""Shorter values are refused, as are those of lower-case letters alone: both are found in ordinary texts, which would lose their sense and
tell everybody what the secret is. What is that easy to guess is no secret; keys and tokens that machines make are all stronger."""

SHORTEST_SECRET_LINE = 16
"""Lines of a secret of several lines (a PEM key) are secrets of their own from this length on; the last line of a key may be shorter."""

_PATTERNS = re.compile(
    "|".join(
        (
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----"
            r"(?:(?:[^-]|-(?!----))*-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|[A-Za-z0-9+/=\s\\]*)",
            r"ghs_[A-Za-z0-9._-]{36,}",  # also the stateless form, about 520 characters with dots (GitHub changelog, May 2026)
            r"gh[pour]_[A-Za-z0-9]{36,}",
            r"github_pat_[A-Za-z0-9_]{22,}",
            r"(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,60}[0-9])[A-Za-z0-9_-]{20,}",
            r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
            r"(?i:aws_secret_access_key)[\"']?\s*[:=]\s*[\"']?[A-Za-z0-9/+]{40}",
            r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
            r"(?<=://)[^\s/@:]*:[^\s/@]{4,}(?=@)",
        )
    ),
)
"""Shapes of secrets that are not ours to know: GitHub's tokens, private keys, model keys, AWS keys, signed tokens, passwords in URLs.
Linear on hostile text: no shape can begin inside another's run."""

_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_STANDARD_BASE64 = str.maketrans("-_", "+/")
_LOWER_HEX = str.maketrans("ABCDEF", "abcdef")


class Redactor:
    """Knows the live secret values and takes them out of text: as they are, broken over lines, URL-encoded, base64 and hexadecimal,
    also inside a longer encoded text. Unknown secrets are found by their shape. A value that might be a word is refused: it is not searched
    for (`SHORTEST_SECRET`)."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._plain: set[str] = set()
        self._base64: set[str] = set()
        self._hex: set[str] = set()
        self._patterns: list[re.Pattern[str]] | None = None
        for secret in secrets:
            for part in _parts(secret):
                data = part.encode("utf-8", "surrogatepass")
                self._plain.update((_squeeze(part), _bytewise(_squeeze(part))))
                self._base64.update(_base64_cores(data))
                self._hex.add(data.hex())

    def mask(self, text: str) -> str:
        """`text` with every secret replaced by `MASK`. Equal to `text` when there is none."""
        return _PATTERNS.sub(MASK, _without(text, sorted(self._found(text))))

    def clean(self, value: T) -> T:
        """A copy of a value (a string, or dataclasses and tuples of them at any depth) with each string visible and masked."""
        return cast(T, _with_strings(value, lambda text: self.mask(visible(text))))

    def masked(self, value: T) -> T:
        """As `clean`, but nothing besides secrets is taken out: for what is kept and worked with."""
        return cast(T, _with_strings(value, self.mask))

    def mask_json(self, text: str) -> str:
        """A JSON text with its strings masked, so that it stays one; text that is no JSON is masked as it is."""
        if self.mask(text) == text and "\\" not in text:
            return text
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return self.mask(text)
        masked = _in_json(value, self.mask)
        return text if masked == value else json.dumps(masked, ensure_ascii=False)

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where secrets stand, as ranges of `text`."""
        if not self._plain:
            return
        squeezed = _squeeze(text)
        if self._is_in(squeezed):
            yield from self._in_view(_squeezed(text))
        if "%" not in squeezed:
            return
        if self._is_in(_squeeze(_PERCENT.sub(lambda m: chr(int(m[1], 16)), squeezed))):
            yield from self._in_view(_percent_decoded(_squeezed(text)))
        for dress in self._dresses():
            if dress.search(squeezed):
                view = _squeezed(text)
                yield from ((view.begins[m.start()], view.ends[m.end() - 1]) for m in dress.finditer(squeezed))

    def _dresses(self) -> list[re.Pattern[str]]:
        """Each secret with each of its characters as it is or percent-encoded. Decoding from the left alone can be led astray: in `%00%3A` behind
        the first sign may begin a secret `00:`."""
        if self._patterns is None:
            self._patterns = [re.compile("".join(map(_dressed, needle))) for needle in {*self._plain, *self._base64}]
        return self._patterns

    def _is_in(self, squeezed: str) -> bool:
        """A quick look, because almost every text holds none: only then is it worth to know where."""
        for needles, table in ((self._plain, {}), (self._base64, _STANDARD_BASE64), (self._hex, _LOWER_HEX)):
            view = squeezed.translate(table) if table else squeezed
            if any(needle in view for needle in needles):
                return True
        return False

    def _in_view(self, view: "_View") -> Iterator[tuple[int, int]]:
        yield from view.ranges(view.text, self._plain)
        yield from view.ranges(view.text.translate(_STANDARD_BASE64), self._base64)
        yield from view.ranges(view.text.translate(_LOWER_HEX), self._hex)


@dataclass(frozen=True, slots=True)
class _View:
    """A text as somebody might read it, with the original's text of each of its characters: from `begins[i]` until before `ends[i]`."""

    text: str
    begins: list[int]
    ends: list[int]

    def ranges(self, haystack: str, needles: set[str]) -> Iterator[tuple[int, int]]:
        for needle in needles:
            at = haystack.find(needle)
            while at >= 0:
                yield self.begins[at], self.ends[at + len(needle) - 1]
                at = haystack.find(needle, at + 1)


def _with_strings(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_with_strings(item, change) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _with_strings(getattr(value, f.name), change) for f in dataclasses.fields(value) if f.init}
        return dataclasses.replace(value, **fields)
    return value


def _in_json(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_in_json(item, change) for item in value]
    if isinstance(value, dict):
        return {change(key): _in_json(item, change) for key, item in value.items()}
    return value


def _parts(secret: str) -> Iterator[str]:
    if len(_squeeze(secret)) >= SHORTEST_SECRET and not _might_be_a_word(secret.strip()):
        yield secret.strip()
    lines = secret.split()
    if len(lines) > 1:
        yield from (line for line in lines if _is_secret_line(line))


def _is_secret_line(line: str) -> bool:
    return len(line) >= SHORTEST_SECRET_LINE and not line.startswith("-----") and not _might_be_a_word(line)


def _might_be_a_word(value: str) -> bool:
    return value.isalpha() and value.islower()


def _squeeze(text: str) -> str:
    """Without white space: a secret broken over lines or padded is still one."""
    return "".join(text.split())


def _bytewise(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _base64_cores(data: bytes) -> Iterator[str]:
    """What every base64 text that contains `data` contains too, for each of the three ways its bytes can fall on groups of six bits."""
    for shift, first in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(b"\0" * shift + data).decode("ascii")
        core = encoded[first : (shift + len(data)) * 8 // 6]
        if len(core) >= SHORTEST_SECRET:
            yield core


def _dressed(char: str) -> str:
    """As a pattern: base64 is written with either of two alphabets."""
    forms = {"+": "+-", "/": "/_"}.get(char, char)
    encoded = ("".join(f"%{byte:02x}" for byte in one.encode("utf-8", "surrogatepass")) for one in forms)
    return "(?:" + "|".join([*map(re.escape, forms), *(f"(?i:{one})" for one in encoded)]) + ")"


def _squeezed(text: str) -> _View:
    begins = [at for at, char in enumerate(text) if not char.isspace()]
    return _View(_squeeze(text), begins, [at + 1 for at in begins])


def _percent_decoded(view: _View) -> _View:
    """`%41` as `A`, byte by byte (a character of several bytes becomes several, as in `_bytewise`); encoded white space is left out."""
    chars: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    at = 0
    while at < len(view.text):
        match = _PERCENT.match(view.text, at)
        last = match.end() if match else at + 1
        char = chr(int(match[1], 16)) if match else view.text[at]
        if not char.isspace():
            chars.append(char)
            begins.append(view.begins[at])
            ends.append(view.ends[last - 1])
        at = last
    return _View("".join(chars), begins, ends)


def _without(text: str, ranges: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for begin, end in ranges:
        if begin >= done:
            pieces += [text[done:begin], MASK]
        done = max(done, end)
    return "".join([*pieces, text[done:]]) if pieces else text
