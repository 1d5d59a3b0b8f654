"""What the repository's own checks say, in the sticky comment: how many passed, which are red, and what is done about it."""

import re
from collections.abc import Sequence

from bot.core.ci import Ci, CiCheck, CiState
from bot.core.runs import RunReport
from bot.reporting.counting import count
from bot.reporting.limits import LINE_CHARS
from bot.reporting.sanitize import inline
from bot.reporting.words import short

NAMES_SHOWN = 4
"""Ours: checks named of one kind; the pull request's own list has all of them."""

_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&*+,;=%-]+")


def ci_line(report: RunReport) -> str:
    """Markdown, "" when nobody else reports on the report's head."""
    ci = report.ci
    if ci is None or ci.head != report.head or not ci.counted:
        return ""
    passed = sum(one.state is CiState.PASSED for one in ci.counted)
    running = [one for one in ci.counted if one.state is CiState.RUNNING]
    parts = [
        f"**Your CI** on `{short(ci.head)}`: {passed} of {len(ci.counted)} passed",
        f"❌ red: {_names(ci.red, report)}" if ci.red else "",
        f"red before this work too: {_names(ci.red_before, report)}" if ci.red_before else "",
        f"{count(len(running), 'is', 'are')} not finished" if running else "",
    ]
    line = ", ".join(part for part in parts if part) + "."
    return f"{line} {_repair(ci, report)}".rstrip()


def _repair(ci: Ci, report: RunReport) -> str:
    if not ci.repair or not ci.red:
        return ""
    if report.run.state.live:
        return "Specbot tries to mend this, once."
    return "Specbot has tried once to mend this and does not try again: a person is needed."


def _names(checks: Sequence[CiCheck], report: RunReport) -> str:
    shown = ", ".join(_name(one, report) for one in checks[:NAMES_SHOWN])
    more = len(checks) - NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _name(check: CiCheck, report: RunReport) -> str:
    """A link only to the repository's own pages: anybody who may push can give a status any address."""
    name = inline(check.name, LINE_CHARS)
    own = bool(report.repo_url) and check.url.startswith(f"{report.repo_url}/")
    return f"[{name}]({check.url})" if own and _PLAIN_ADDRESS.fullmatch(check.url) else name
