"""The one sticky comment of a pull request, edited in place."""

import re

from bot.core.proofs.model import CriterionVerdict
from bot.core.reviews.rows import is_row, only_rows
from bot.core.runs import RunReport
from bot.reporting.ci import ci_line
from bot.reporting.contracts import contracts_section
from bot.reporting.counting import count
from bot.reporting.cut import cut
from bot.reporting.evidence import put_back_list, put_back_title, table, tampering, worst_first
from bot.reporting.headline import Headline, Kind, headline
from bot.reporting.limits import COMMENT_BYTES, SCREEN_ROWS
from bot.reporting.masking import Redactor
from bot.reporting.names import APPROVE, RETRY, STATUS_MARKER, STOP, VERIFY
from bot.reporting.next_steps import next_steps, story
from bot.reporting.plan import plan_section
from bot.reporting.sanitize import code, details, inline, quote_untrusted, summary_html
from bot.reporting.words import cost, duration, short

APPROVES_SPEC = "To approve the spec as it stands, and let agents implement it"

_LINE_IN_WAY_OUT = re.compile(r"`/specbot (budget [^`\n]+)`")
"""A way out that names a line about money: that line is what to paste."""

_PUBLISH_IN_WAY_OUT = re.compile(r"`/specbot (publish [0-9a-f]+)`")


def sticky_comment(report: RunReport, redactor: Redactor) -> str:
    """The whole body, its marker on the first line. For pull requests with a spec (`headline.has_spec`)."""
    report = redactor.clean(report)
    line = headline(report)
    parts = [
        f"{STATUS_MARKER}\n### {line.sign} Specbot: {inline(line.title)}",
        story(report, line),
        plan_section(report, live=line.conclusion is None),
        _proofs(report, line),
        tampering(report.verification.tampering) if report.verification else "",
        ci_line(report),
        contracts_section(report),
        _put_back(report, line),
        next_steps(report, line),
        _commands(report, line),
        _review(report),
        _footer(report, line),
    ]
    body = "\n\n".join(part for part in parts if part) + "\n"
    return cut(redactor.mask(body), COMMENT_BYTES, _pointer(report))


def _proofs(report: RunReport, line: Headline) -> str:
    """All criteria in the spec's order when they fit on a screen; else the worst ones, the rest folded."""
    if report.verification is None or not report.verification.verdicts:
        return ""
    verdicts = report.verification.verdicts
    heading = (
        "" if line.kind is Kind.VERDICTS else "What was shown before that:\n\n" if line.conclusion else "So far:\n\n"
    )
    if len(verdicts) <= SCREEN_ROWS:
        return heading + table(verdicts, report)
    ordered = worst_first(verdicts)
    rest = details(f"{len(ordered) - SCREEN_ROWS} more", table(ordered[SCREEN_ROWS:], report))
    return f"{heading}{table(ordered[:SCREEN_ROWS], report)}\n\n{rest}"


def _commands(report: RunReport, line: Headline) -> str:
    """The lines to paste that make sense now, each in a block of its own because GitHub puts a copy button there."""
    lines = [f"{what}:\n\n```\n/specbot {verb}\n```" for verb, what in offers(report, line)]
    return "\n\n".join(lines)


def offers(report: RunReport, line: Headline) -> tuple[tuple[str, str], ...]:
    """The commands that make sense now, without `/specbot`, each with what it is good for."""
    if line.conclusion is None:
        return ((STOP, "To end the run and keep its work"),)
    done = line.kind is Kind.VERDICTS and report.verification is not None and report.verification.done
    if done or line.kind in (Kind.NO_SPEC, Kind.DRAFT, Kind.LINT, Kind.MOVED_ON, Kind.SUPERSEDED):
        of_issue = line.kind is Kind.DRAFT and report.of_issue
        return ((f"{APPROVE} {short(report.head)}", APPROVES_SPEC),) if of_issue else ()
    if line.kind is Kind.TROUBLE and (held := _PUBLISH_IN_WAY_OUT.search(report.way_out)):
        return ((held[1], "To have this work pushed"),)
    if report.approvable:
        return ((f"{APPROVE} {short(report.head)}", "To let the agents start with this plan"),)
    retry = (RETRY, f"To start again at `{short(report.head)}`")
    verify = (VERIFY, "To run the proofs again without a model")
    more = _LINE_IN_WAY_OUT.search(report.way_out) if line.kind is Kind.TROUBLE else None
    if more is not None or report.verification is None:
        return (*([(more[1], "To give the run more and let it go on")] if more else []), retry)
    return (retry, verify) if report.agents and not only_rows(report.verification) else (verify,)


def _put_back(report: RunReport, line: Headline) -> str:
    if not report.put_back or line.kind is Kind.MOVED_ON:
        return ""
    return details(summary_html(put_back_title(report)), put_back_list(report))


def _review(report: RunReport) -> str:
    """Where remarks are on the pull request as a review, it says all of it; else the summary is said here."""
    if report.review and report.run.published and report.run.candidate == report.head:
        are = "is 1 remark" if len(report.review) == 1 else f"are {count(len(report.review), 'remark')}"
        stops = any(is_row(one.name) and not one.verdict.done for one in _verdicts(report))
        weighs = (
            "What stands in the table stops the merge; the rest is an opinion." if stops else "An opinion, no verdict."
        )
        return f"A model that did not write it looked at the work: there {are}, in the review. {weighs}"
    if not report.review_summary.strip():
        return ""
    remarks = f", {count(len(report.review), 'remark')}" if report.review else ", no remarks"
    return details(
        f"Review by a model that did not write it{remarks}: an opinion, no verdict",
        quote_untrusted(report.review_summary),
    )


def _verdicts(report: RunReport) -> tuple[CriterionVerdict, ...]:
    return report.verification.verdicts if report.verification is not None else ()


def _footer(report: RunReport, line: Headline) -> str:
    if line.kind in (Kind.DRAFT, Kind.LINT):
        return f"<sub>{_place(report)}</sub>"
    facts = [
        duration(report.seconds),
        cost(report.spent, report.budget),
        inline(report.model) if report.model and report.spent.calls else "",
        _place(report),
        "`/specbot help` lists all commands",
    ]
    return f"<sub>{' · '.join(fact for fact in facts if fact)}</sub>"


def _place(report: RunReport) -> str:
    run = code(report.run.run_id)
    return f"[{run}]({report.details_url})" if report.details_url else run


def _pointer(report: RunReport) -> str:
    where = f"[the run's page]({report.details_url})" if report.details_url else "the check *Specbot / acceptance*"
    return f"*Cut here: all of it stands on {where}.*"
