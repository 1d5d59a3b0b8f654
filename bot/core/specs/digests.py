"""What makes two criteria the same. Pure."""

import json
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

from bot.core.specs.model import ProofKind
from bot.ids import Digest


def normal_text(text: str) -> str:
    """The text as it counts for identity: composed characters, blanks and line ends folded."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def normal_script(script: str) -> str:
    """The script as it counts for identity: without blanks at line ends and blank lines around it."""
    return "\n".join(line.rstrip() for line in script.split("\n")).strip("\n")


def criterion_digest(text: str, kind: ProofKind, scripts: Sequence[str]) -> Digest:
    """The identity of a criterion: its text, how it is proven, and with which commands."""
    parts = ["criterion/1", normal_text(text), kind.value, *(normal_script(script) for script in scripts)]
    return Digest(sha256(json.dumps(parts).encode()).hexdigest())
