"""The acceptance check of a run whose account could not be given: a defect of ours, and never a green one."""

from bot.core.pulls import CheckDraft, CheckStatus, Conclusion
from bot.ids import Sha
from bot.reporting.checks.actions import RETRY_BUTTON
from bot.reporting.limits import CHECK_TITLE_CHARS
from bot.reporting.names import ACCEPTANCE
from bot.reporting.sanitize import inline, one_line


def broken_check(head: Sha, external_id: str, reason: str) -> CheckDraft:
    """Needs nothing but what it is given, so that it can be written when everything else fails."""
    return CheckDraft(
        name=ACCEPTANCE,
        head_sha=head,
        external_id=external_id,
        status=CheckStatus.COMPLETED,
        conclusion=Conclusion.FAILURE,
        title=one_line(f"Specbot itself failed: {reason}", CHECK_TITLE_CHARS),
        summary=(
            f"The run could not be reported ({inline(reason, 500)}). This is our fault: please report it."
            " Start again with `/specbot retry`."
        ),
        actions=(RETRY_BUTTON,),
    )
