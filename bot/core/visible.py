"""Text as a person sees it: escape sequences, control characters and invisible characters taken out.

Everything that tools print, models write and strangers commit passes here before it reaches a prompt, a log or a page. What is
hidden from people must not steer a model, and what a terminal would obey must not forge a log line (threats A10, A14).
"""

import re

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"  # CSI: colours, cursor, erase
    r"|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f\n]*(?:\x07|\x1b\\|\x9c)"  # strings: OSC (titles, links), DCS, SOS, PM, APC
    r"|[\x90\x98\x9d-\x9f]|\x1b[PX\]^_]"  # a string that never ends hides nothing
    r"|\x1b[ -/]*[0-~]?"  # the two- and three-character rest
)

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")

_CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufff9-\ufffb\ufffe\uffff"

BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Characters that reorder what is shown, as a regular expression's class (Unicode UAX 9)."""

_IGNORABLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): zero-width, variation selectors, tags. Shown as nothing."""

_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"

_INVISIBLE = re.compile(f"[{BIDI}{_IGNORABLE}{_PRIVATE}]")
_REMOVED = re.compile(f"[{_CONTROLS}{BIDI}{_IGNORABLE}{_PRIVATE}]")
_BIDI = re.compile(f"[{BIDI}]")


def visible(text: str) -> str:
    """`text` without terminal escapes, C0 and C1 controls, bidirectional, zero-width, tag and private-use characters.

    Every kind of line end becomes a newline, so that nothing can overwrite what stands before it; tabs stay. Idempotent and linear.
    """
    return _REMOVED.sub("", _LINE_ENDS.sub("\n", _ESCAPES.sub("", text)))


def visible_bytes(data: bytes) -> str:
    """Bytes from a tool or a file as visible text; what is not UTF-8 becomes U+FFFD."""
    return visible(data.decode("utf-8", "replace"))


def invisible_count(text: str) -> int:
    """How many characters of `text` people cannot see (bidirectional, zero-width, tag, private use), to be named when they are removed."""
    return len(_INVISIBLE.findall(text))


def has_bidi_controls(text: str) -> bool:
    """True when a character in `text` can reorder what is shown: no honest spec or source needs one."""
    return _BIDI.search(text) is not None
