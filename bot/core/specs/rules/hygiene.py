"""SB4xx: what hides from people or must not stand in a repository."""

import re
from collections.abc import Iterator
from itertools import islice

from bot.core.specs.model import Document, Position, Severity, Spec
from bot.core.specs.rules.rule import LintContext, Remark, Rule

BIDI = Rule(
    "SB401",
    "Bidirectional control characters",
    Severity.ERROR,
    "These characters reorder text on the screen, so that people review other words than the machine reads. A spec with them is refused.",
    fixed=True,
    fixable=True,
)
INVISIBLE = Rule(
    "SB402",
    "Invisible characters",
    Severity.WARNING,
    "Characters without a shape (zero-width, tags, fillers, private use) can carry words that only a machine reads. They were removed before "
    "anything read the spec.",
    fixable=True,
)
CONTROL = Rule(
    "SB403",
    "Control characters",
    Severity.WARNING,
    "Control characters can rewrite a terminal or a log. They were removed before anything read the spec.",
    fixable=True,
)
HIDDEN = Rule(
    "SB404",
    "Hidden text",
    Severity.WARNING,
    "HTML comments, scripts and link definitions that no link uses do not show on the rendered page. They were removed before anything read the "
    "spec, so what stands in them has no effect.",
)
UNCLOSED_COMMENT = Rule(
    "SB405",
    "HTML comment never closed",
    Severity.ERROR,
    "A comment that is opened with `<!--` at the start of a line and never closed hides the rest of the file, criteria included.",
    fixed=True,
)

_SECRETS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    ("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), re.compile(r"gh[pousr]_[A-Za-z0-9_.\-]{20,600}")),
    ("GitHub token", ("github_pat_",), re.compile(r"github_pat_[A-Za-z0-9_]{20,255}")),
    ("model provider key", ("sk-",), re.compile(r"(?<![A-Za-z0-9])sk-[A-Za-z0-9_\-]{20,200}")),
    ("cloud access key", ("AKIA", "ASIA"), re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")),
    ("cloud API key", ("AIza",), re.compile(r"AIza[A-Za-z0-9_\-]{35}")),
    ("chat token", ("xox",), re.compile(r"xox[abeoprs]-[A-Za-z0-9\-]{10,200}")),
    ("GitLab token", ("glpat-",), re.compile(r"glpat-[A-Za-z0-9_\-]{20,100}")),
    ("package registry token", ("npm_",), re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("package registry token", ("-AgEIcHl",), re.compile(r"\b[a-z]{4}-AgEIcHl[A-Za-z0-9_\-]{30,300}")),
    ("mail provider key", ("SG.",), re.compile(r"\bSG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{32,64}")),
    ("model provider key", ("hf_",), re.compile(r"\bhf_[A-Za-z0-9]{30,60}\b")),
    ("cloud token", ("dop_v1_",), re.compile(r"\bdop_v1_[a-f0-9]{64}\b")),
    ("storage key", ("AccountKey=",), re.compile(r"AccountKey=[A-Za-z0-9+/]{60,100}={0,2}")),
    ("payment key", ("k_live_",), re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,200}")),
    (
        "signed token",
        (".eyJ",),
        re.compile(
            r"(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{10,2000}\.eyJ[A-Za-z0-9_\-]{10,2000}\.[A-Za-z0-9_\-]{10,2000}"
        ),
    ),
    ("private key", ("PRIVATE KEY-----",), re.compile(r"-----BEGIN (?:[A-Z]{1,12} ){0,2}PRIVATE KEY-----")),
    ("password in a URL", ("://",), re.compile(r"://[^\s:/@]{1,64}:[^\s:/@$<{*]{6,128}@")),
)
"""Shapes of well-known credentials, each bounded so that a long line costs linear time, behind words of which one must be there: to look for
a word is ten times as quick."""


MAX_SECRETS = 20
"""Findings of one kind of secret in one file; each is a reason to stop, no inventory."""


def _secrets(spec: Spec, context: LintContext) -> Iterator[Remark]:
    for document in spec.documents:
        for kind, words, shape in _SECRETS:
            if any(word in document.text for word in words):
                yield from _of_kind(document, kind, shape)


def _of_kind(document: Document, kind: str, shape: re.Pattern[str]) -> Iterator[Remark]:
    line, done = 1, 0
    for found in islice(shape.finditer(document.text), MAX_SECRETS):
        line += document.text.count("\n", done, found.start())
        done = found.start()
        yield Remark(
            Position(document.path, line, done - document.text.rfind("\n", 0, done)),
            f"This looks like a {kind}: `{found.group()[:4]}…` ({len(found.group())} characters).",
            "Revoke it, remove it from the branch's history, and name the place where it is kept instead.",
        )


SECRET = Rule(
    "SB406",
    "Secret in a spec",
    Severity.ERROR,
    "A spec is read by everybody who may read the repository and is sent to a model. A credential in it must be counted as lost.",
    check=_secrets,
)

RULES = (BIDI, INVISIBLE, CONTROL, HIDDEN, UNCLOSED_COMMENT, SECRET)
