"""The acceptance check on a merge queue's commit: green when the merged tree holds, and red for everything else. There is nobody to wait for."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.merge_groups import CitedRed, MergeGroup
from bot.core.pulls import CheckDraft, CheckStatus, Conclusion
from bot.core.runs import RunReport
from bot.ids import Sha
from bot.reporting.checks.acceptance import acceptance_check
from bot.reporting.checks.actions import RETRY_BUTTON
from bot.reporting.cut import cut
from bot.reporting.evidence import table
from bot.reporting.headline import label
from bot.reporting.limits import CHECK_TEXT_BYTES, CHECK_TITLE_CHARS
from bot.reporting.masking import Redactor
from bot.reporting.merge_queue import how_to_go_on
from bot.reporting.names import ACCEPTANCE
from bot.reporting.sanitize import code, inline, one_line
from bot.reporting.words import short

POINTER = "*Cut here: `specbot ledger export` has what was proven.*"

CITED_SHOWN = 20
"""Ours: criteria listed with the record that shows their red half; the ledger has all of them."""


def merge_group_check(
    report: RunReport, group: MergeGroup, cited: Sequence[CitedRed], redactor: Redactor
) -> CheckDraft:
    """The check as it should stand now. `report` is the group's account in the shape of a run's."""
    draft = acceptance_check(report, redactor)
    report = redactor.clean(report)
    if draft.status is not CheckStatus.COMPLETED:
        title, conclusion = "Merge queue: proving the merged tree", None
    else:
        title = f"Merge queue: {draft.title}"
        conclusion = Conclusion.SUCCESS if draft.conclusion is Conclusion.SUCCESS else Conclusion.FAILURE
    return replace(
        draft,
        status=CheckStatus.IN_PROGRESS if conclusion is None else CheckStatus.COMPLETED,
        conclusion=conclusion,
        title=one_line(redactor.mask(title), CHECK_TITLE_CHARS),
        summary=cut(redactor.mask(_summary(report, group, cited, conclusion)), CHECK_TEXT_BYTES, POINTER),
        actions=(RETRY_BUTTON,) if conclusion is Conclusion.FAILURE else (),
    )


def destroyed_check(head: Sha, external_id: str) -> CheckDraft:
    """For a group that the queue has given up before it was proven."""
    return CheckDraft(
        name=ACCEPTANCE,
        head_sha=head,
        external_id=external_id,
        status=CheckStatus.COMPLETED,
        conclusion=Conclusion.CANCELLED,
        title="Merge queue: the group is gone",
        summary="The merge queue destroyed this group before it was proven, so nothing is claimed.",
    )


def _summary(report: RunReport, group: MergeGroup, cited: Sequence[CitedRed], conclusion: Conclusion | None) -> str:
    which = f"#{group.number}" if group.number is not None else "A pull request"
    parts = [
        f"{which} as {code(group.base_ref)} would have it: the merged tree of `{short(group.head)}`, on `{short(group.base_sha)}`."
    ]
    if report.trouble:
        parts.append(f"There is no verdict that counts: {inline(report.trouble, 2000).rstrip('.')}.")
    elif report.verification is None and conclusion is Conclusion.SUCCESS:
        parts.append("No spec in force came in with it, so there is nothing to prove.")
    if report.verification is not None:
        parts += [table(report.verification.verdicts, report), _reds(report, cited)]
    if conclusion is Conclusion.FAILURE:
        way_out = inline(report.way_out, 2000) if report.way_out else how_to_go_on(group)
        parts.append(f"**How to go on**\n\n- {way_out}")
    if report.ledger_head and report.verification is not None:
        parts.append(f"Ledger head of #{group.number}: {code(report.ledger_head)}")
    return "\n\n".join(part for part in parts if part)


def _reds(report: RunReport, cited: Sequence[CitedRed]) -> str:
    """What was not run again, and where it stands that it was red."""
    if not cited:
        return "Both halves were run: before the change, and on the merged tree."
    rows = [
        f"- {code(label(one.criterion, report))}: record `{short(one.record)}` of #{one.number}"
        for one in cited[:CITED_SHOWN]
    ]
    more = [f"- … and {len(cited) - CITED_SHOWN} more"] if len(cited) > CITED_SHOWN else []
    return "\n".join(
        [
            "On the merged tree the second half was run. What was shown before the change is cited from the ledger:",
            "",
            *rows,
            *more,
        ]
    )
