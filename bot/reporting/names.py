"""Names by which GitHub and people find what we wrote. They are stored outside, so they never change."""

import re

from bot.ids import CommandId, RunId, UserId

ACCEPTANCE = "Specbot / acceptance"
"""The one check that is made to be required: on every head, spec or not."""

SPEC = "Specbot / spec"
"""Lint, only where there is a spec."""

STATUS_MARKER = "<!-- specbot:status -->"
"""First line of a pull request's one sticky comment."""

ISSUE_MARKER = "<!-- specbot:orchestrate -->"
"""First line of the one comment on an issue for which a spec is written."""

QUESTIONS_MARKER = "<!-- specbot:questions -->"
"""First line of the one comment that asks about a spec."""

RETRY = "retry"
VERIFY = "verify"
STOP = "stop"
APPROVE = "approve"
"""Identifiers of the buttons, equal to the verbs of the commands that do the same."""

WORK_BRANCHES = "specbot/"
"""Branches of our own, which hold work that is not published, begin with this."""


def reply_marker(command: CommandId) -> str:
    """First line of the answer to a command: one answer a command, however often it is carried out."""
    return f"<!-- specbot:reply:{_word(command)} -->"


def person_marker(user: UserId) -> str:
    """First line of the one answer, in a conversation, to a person who may not ask for what was asked."""
    return f"<!-- specbot:answer-to:{int(user)} -->"


def review_marker(run: RunId) -> str:
    """First line of a run's review."""
    return f"<!-- specbot:review:{_word(run)} -->"


def asked_review_marker(command: CommandId) -> str:
    """First line of a review that somebody asked for by this command."""
    return f"<!-- specbot:asked-review:{_word(command)} -->"


def notice_marker(segment: str) -> str:
    """First line of the notice at the end of a run's segment, named as in its check."""
    return f"<!-- specbot:notice:{_word(segment)} -->"


def _word(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9:._-]", "_", text).replace("--", "__")
