"""The one line that is a new comment, because an edit notifies nobody: whom it is for, what happened, where to look, what to write next."""

import re
from dataclasses import dataclass

from bot.core.runs import RunReport
from bot.reporting.comment import offers
from bot.reporting.headline import Headline, Kind, headline
from bot.reporting.masking import Redactor
from bot.reporting.names import RETRY
from bot.reporting.next_steps import next_steps
from bot.reporting.orchestration import IssueAccount, issue_headline
from bot.reporting.sanitize import code, inline

SAID_CHARS = 240
"""Of what happened: mails and phones show about two lines."""

_COMMAND = re.compile(r"`(/(?:specbot|orchestrate)\b[^`\n]*)`")
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?")
"""Letters, digits and hyphens; managed accounts have an underscore before the short code of their enterprise (GitHub docs)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """The comment, "" when the person has no name that could be mentioned; and what it is edited to once it is not true any more."""

    body: str
    over: str


def run_notice(report: RunReport, marker: str, check_url: str, redactor: Redactor) -> Notice:
    """For the pull request of a run that ended."""
    report = redactor.clean(report)
    line = headline(report)
    found = _COMMAND.search(next_steps(report, line))
    offered = offers(report, line)
    command = found[1] if found else f"/specbot {offered[0][0]}" if offered else ""
    following = f"Push a change, or {code(command)}" if _may_push(line, command) else _next(command)
    said, where = inline(line.title, SAID_CHARS), f"[the check]({check_url})"
    return redactor.masked(_notice(report.run.requester.login, marker, said, following, where))


def issue_notice(account: IssueAccount, marker: str, head: str, redactor: Redactor) -> Notice:
    """For the issue of a run that wrote a spec, or could not. `head` is the commit that an approval would name, "" where there is none."""
    account = redactor.masked(account)
    page = f"[the run]({account.run_url})" if account.run_url else ""
    if account.pull is None or account.way_out:
        following = _next("/orchestrate")
    elif account.open_questions:
        following = f"Answer there; {code('defaults')} takes what is recommended"
    else:
        following = f"{_next(f'/specbot approve {head[:7]}')} there" if head else "Approve it there"
    return redactor.masked(_notice(account.run.requester.login, marker, issue_headline(account), following, page))


def _may_push(line: Headline, command: str) -> bool:
    """What failed is mended by whoever can; a command alone would read as the only way."""
    return line.kind is Kind.VERDICTS and command == f"/specbot {RETRY}"


def _next(command: str) -> str:
    return f"Next: {code(command)}" if command else ""


def _notice(login: str, marker: str, said: str, following: str, where: str) -> Notice:
    """`said`, `following` and `where` are Markdown."""
    if not _LOGIN.fullmatch(login):
        return Notice("", "")
    tail = " · ".join(part for part in (following, where) if part)
    said = said.rstrip(".")
    return Notice(f"{marker}\n@{login} {said}. {tail}\n", f"{marker}\n<sub>~~{said}.~~ It went on.</sub>\n")
