"""Whether a line of a test asserts something. Pure."""

import re

from bot.core.proofs.tampers.lines_of_tests import LOOKED_AT

_ASSERTION = re.compile(
    r"\bassert\b|\bassert_\w+!?\s*\(|\bself\.(?:assert|fail)\w*\s*\(|\bpytest\.(?:raises|warns|fail)\s*\("
    r"|\bexpect(?:\.\w+)?\s*\(|\bassert(?:\.\w+)+\s*\(|\brequire\.\w+\s*\(|\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s*\("
    r"|\bassert(?:_eq|_ne|_matches)?!|\bshould_panic\b|\.should\b"
)
"""Python, JavaScript, Go and Rust. One a line: how often a line asserts is nobody's measure."""

_COMMENT = re.compile(r"\s*(?:#(?!\[)|//|/\*|\*)")


def asserts(line: str) -> bool:
    text = line[:LOOKED_AT]
    return bool(_ASSERTION.search(text)) and not _COMMENT.match(text)
