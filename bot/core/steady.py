"""What of a tool's output is the same on every run: the rest (times, addresses, temporary names) taken out.

Used where two outputs are compared although they were made at different moments: to see that an agent goes in circles, and to
see that a recorded model meets the results it met when it was recorded. Only what legitimately varies goes; numbers, names and
messages stay, so that a different result stays different. A bare date stays too: it is content more often than a clock.
"""

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), steady)
    for pattern, steady in (
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?", "<time>"),
        (r"\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )(?:\d{1,2} )?[A-Z][a-z]{2} (?: ?\d{1,2} )?(?:\d{4} )?\d\d:\d\d:\d\d(?: [A-Z]{3,4})?(?: \d{4})?", "<time>"),
        (r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d{1,2} +\d\d:\d\d(?!:)", "<time>"),
        (r"\b\d+\.\d+ ?(?:s|sec|secs|seconds|ms|µs|us|ns)\b(?: \(\d+:\d\d:\d\d\))?", "<duration>"),
        (r"\b\d+ ?(?:ms|µs|us|ns)\b", "<duration>"),
        (r"\b(real|user|sys)[ \t]+\d+m\d+[.,]\d+s\b", r"\1 <duration>"),
        (r"\b0x[0-9a-fA-F]{6,16}\b", "<address>"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uuid>"),
        (r"\b[0-9a-f]{40}\b", "<sha>"),
        (r"\bcommit [0-9a-f]{7,39}\b", "commit <sha>"),
        (r"(?<=/)(?:tmp[a-z0-9_]{8}|tmp\.[A-Za-z0-9]{6,12}|pytest-of-[^/\s]+/pytest-\d+)(?![A-Za-z0-9_])", "<temporary>"),
        (r"\b(127\.0\.0\.1|localhost|0\.0\.0\.0|\[::1\]):\d{2,5}\b", r"\1:<port>"),
        (r"\b([Pp]ort|[Pp]id|PID)([ =:]+)\d+\b", r"\1\2<number>"),
        (r"\b([Pp]ython ?|pytest-|pluggy-|cpython-)\d+(?:\.\d+)*", r"\1<version>"),
        (r"(?m)^[ ~]*\^[ ~^]*\n", ""),  # the carets below a traceback's line: drawn differently by each Python
    )
)  # fmt: skip


def steady(text: str) -> str:
    """`text` with clock times, durations, addresses, UUIDs, commit ids, temporary names, ports, process ids and versions of the
    Python tools replaced by placeholders. Idempotent; trailing blanks and a final newline do not count."""
    for pattern, placeholder in _RULES:
        text = pattern.sub(placeholder, text)
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip()
