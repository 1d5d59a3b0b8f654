"""TP207: a trusted test allows more than before: a wider tolerance, a looser bound, or a comparison that is no longer exact."""

import re
from collections.abc import Iterator

from bot.core.proofs.diff_lines import FileDiff
from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT
from bot.core.proofs.tampers.rewritten_lines import rewritten_lines
from bot.core.proofs.tampers.spot import Spot, at_line

_NUMBER = r"[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_BOUND = re.compile(rf"(?P<what><=?|>=?|\b[A-Za-z_]\w*\s*[=:(])\s*(?P<number>{_NUMBER})|,\s*(?P<last>{_NUMBER})\s*\)")
_LOOSER_UP = re.compile(
    r"(?:abs|rel|rel_tol|abs_tol|rtol|atol|delta|tol|tolerance|eps|epsilon|within|max_diff|max_ulps|timeout|retries|reruns|msec|percent)\s*[=:(]\Z|<=?\Z",
    re.IGNORECASE,
)
_LOOSER_DOWN = re.compile(r"(?:places|decimal|decimals|digits|precision|numDigits)\s*[=:(]\Z|>=?\Z")
_INEXACT = re.compile(
    r"\bapprox\b|\bisclose\b|\ballclose\b|AlmostEqual|toBeCloseTo|closeTo|\bInDelta\b|\bInEpsilon\b|assert_(?:approx|relative|abs_diff)\w*!|\.abs\(\)"
)
_LAST_IS_DIGITS = re.compile(r"AlmostEqual|toBeCloseTo|almost_equal")


def wider_tolerances(file: FileDiff) -> Iterator[Spot]:
    """At the line as it is now."""
    for pair in rewritten_lines(file):
        before, after = pair.before.text[:LOOKED_AT], pair.after.text[:LOOKED_AT]
        if (_INEXACT.search(after) and not _INEXACT.search(before)) or _looser(before, after):
            yield at_line("TP207", file.new, pair.after, f"it was `{before.strip()[:120]}`, and is now")


def _looser(before: str, after: str) -> bool:
    """Whether one of the bounds allows more, where nothing but numbers differs."""
    if re.sub(_NUMBER, "#", before) != re.sub(_NUMBER, "#", after):
        return False
    return any(
        _is_looser(old, new, after) for old, new in zip(_BOUND.finditer(before), _BOUND.finditer(after), strict=False)
    )


def _is_looser(old: re.Match[str], new: re.Match[str], line: str) -> bool:
    was, now = (_value(bound["number"] or bound["last"]) for bound in (old, new))
    what = (new["what"] or "").rstrip()
    if _LOOSER_UP.search(what):
        return now > was
    if _LOOSER_DOWN.search(what):
        return now < was
    if new["last"] and _INEXACT.search(line):
        return now < was if _LAST_IS_DIGITS.search(line) else now > was
    return False


def _value(number: str) -> float:
    return float(number.replace("_", "").rstrip("."))
