"""The sentences around a headline: what happened, and what to do now."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote

from bot.core.proofs.model import Verdict
from bot.core.reviews.rows import is_row
from bot.core.runs import RunReport, RunState
from bot.core.specs.model import Finding, Severity, Status
from bot.reporting.counting import count
from bot.reporting.headline import Headline, Kind, capital, prose_label
from bot.reporting.sanitize import code, inline, quote_untrusted
from bot.reporting.tried import tried
from bot.reporting.ways_out import way_out
from bot.reporting.words import STAGES, short

ERRORS_SHOWN = 10
"""Ours: spec errors listed under a headline; all of them are annotated on their lines."""

SPECS_SHOWN = 3
"""Ours: specs named in a sentence; the check *Specbot / spec* lists all of them."""

OPEN_SHOWN = 6
"""Ours: ways out listed under a headline; each criterion has its own in the details."""


def story(report: RunReport, line: Headline) -> str:
    """What happened, in a sentence or a few."""
    told = _STORIES[line.kind](report, line)
    if line.kind is Kind.VERDICTS:
        beside = (_moved(report), _drafts(report))
        return "\n\n".join(part for part in (told, *beside, _unfinished(report), tried(report)) if part)
    return "\n\n".join(part for part in (told, _kept(report)) if part)


def next_steps(report: RunReport, line: Headline) -> str:
    """What a person can do now, "" when nothing is asked of anybody."""
    steps = list(_steps(report, line))
    return "\n".join(["**How to go on**", "", *(f"- {capital(step)}" for step in steps)]) if steps else ""


def _working(report: RunReport, line: Headline) -> str:
    if report.run.state is RunState.QUEUED:
        return "The run waits for a worker. There is no verdict yet."
    now = f"Specbot is {STAGES[report.run.stage]}. There is no verdict yet."
    pause = "" if report.pause.rstrip(".") == line.title else report.pause
    return " ".join(part for part in (now, inline(pause, 500), inline(report.estimate, 500)) if part)


def _moved_on(report: RunReport, line: Headline) -> str:
    began, went = short(report.run.start_head), short(report.run.candidate or "")
    return f"The run that began at `{began}` published its work as `{went}`. The verdict stands there; nothing is claimed for `{began}`."


def _superseded(report: RunReport, line: Headline) -> str:
    return "Nothing is claimed here; the run that follows has a check of its own."


def _stopped(report: RunReport, line: Headline) -> str:
    return "The run was ended before it was finished, so nothing is claimed."


def _lint(report: RunReport, line: Headline) -> str:
    return "\n".join(_errors(report))


def _trouble(report: RunReport, line: Headline) -> str:
    if report.approvable:
        return "The plan is made and nothing has been written yet: here agents start when somebody who may write has approved it."
    said = report.trouble or line.title
    if "\n" in said.strip():
        return f"This run gave no verdict that counts:\n\n{quote_untrusted(said)}"
    return f"This run gave no verdict that counts: {inline(said, 2000).rstrip('.')}."


def _no_spec(report: RunReport, line: Headline) -> str:
    return "No file of this pull request is a spec, so there is nothing to prove and nothing was run."


def _draft(report: RunReport, line: Headline) -> str:
    if report.of_issue:
        return "The spec is a draft: it is read and linted, and nothing is implemented before somebody who may write has approved it."
    return "A draft is read and linted only. Set `status: ready` in its front matter to bring it into force."


def _verdicts(report: RunReport, line: Headline) -> str:
    head = f"`{short(report.head)}`"
    if report.kept_on:
        return (
            f"This is about work that is not published: it is kept on the branch {_branch(report)}. "
            f"The commit {head} is as it was pushed."
        )
    if report.run.published and report.run.candidate == report.head:
        return f"This is about {head}, Specbot's work on `{short(report.run.start_head)}`."
    if report.verification is not None and report.verification.done and not report.spent.calls:
        return f"This is about {head}. All of it was there when it was pushed: no model was called."
    return f"This is about {head}."


def _moved(report: RunReport) -> str:
    """The base branch went on: git may put two changes of one spec together that nobody has seen together."""
    if not report.moved:
        return ""
    return (
        f"The base branch has changed {_listed(report.moved)} too since this branch left it at `{short(report.base_sha)}`, and the comparison is with that "
        "commit: bring the branch up to date to have both proven together."
    )


def _drafts(report: RunReport) -> str:
    drafts = [r.path for r in report.readings if r.spec is not None and r.spec.status is Status.DRAFT]
    if not drafts:
        return ""
    return f"{_listed(drafts)} {'is a draft and claims' if len(drafts) == 1 else 'are drafts and claim'} nothing."


def _listed(paths: Sequence[str]) -> str:
    more = [count(len(paths) - SPECS_SHOWN, "more spec")] if len(paths) > SPECS_SHOWN else []
    named = [*map(code, paths[:SPECS_SHOWN]), *more]
    return " and ".join(part for part in (", ".join(named[:-1]), named[-1]) if part)


def _unfinished(report: RunReport) -> str:
    done = report.verification is not None and report.verification.done
    return (
        f"The agent did not finish: {inline(report.unfinished, 500).rstrip('.')}."
        if report.unfinished and not done
        else ""
    )


def _kept(report: RunReport) -> str:
    return f"The unpublished work is kept on the branch {_branch(report)}." if report.kept_on else ""


def _branch(report: RunReport) -> str:
    name = code(report.kept_on)
    return f"[{name}]({report.repo_url}/tree/{quote(report.kept_on)})" if report.repo_url else name


def _errors(report: RunReport) -> list[str]:
    errors = [f for reading in report.readings for f in reading.findings if f.severity is Severity.ERROR]
    lines = [
        f"- {_place(finding)} {inline(finding.message, 500)} ({code(finding.rule)})"
        for finding in errors[:ERRORS_SHOWN]
    ]
    return lines if len(errors) <= ERRORS_SHOWN else [*lines, f"- … and {len(errors) - ERRORS_SHOWN} more"]


def _place(finding: Finding) -> str:
    return code(f"{finding.position.path}:{finding.position.line}:{finding.position.column}")


def _steps(report: RunReport, line: Headline) -> list[str]:
    match line.kind:
        case Kind.LINT:
            return ["Mend the spec and push: the new commit is read at once."]
        case Kind.TROUBLE:
            way_out = report.way_out or "start again with `/specbot retry`"
            return [inline(way_out, 2000)]
        case Kind.STOPPED:
            return [*([inline(report.way_out, 2000)] if report.way_out else []), "Start again with `/specbot retry`."]
        case Kind.VERDICTS:
            return _ways_out(report)
        case _:
            return []


def _ways_out(report: RunReport) -> list[str]:
    verdicts = report.verification.verdicts if report.verification else ()
    open_ones = [v for v in verdicts if not v.verdict.done]
    told = ((v, way_out(v, report)) for v in open_ones)
    steps = [f"**{prose_label(v.name, report)}**: {inline(out, 500)}" for v, out in told if out][:OPEN_SHOWN]
    if len(open_ones) > len(steps) and steps:
        steps.append(f"… {count(len(open_ones) - len(steps), 'more criterion', 'more criteria')}: see the details.")
    steps += _to_allow(report)
    steps += _to_install(report) if open_ones else []
    if report.way_out:
        steps.append(inline(report.way_out, 2000))
    if any(v.verdict is Verdict.FAILED and not is_row(v.name) for v in open_ones):
        again = ", or let Specbot try again with `/specbot retry`" if report.agents else ": here people implement"
        steps.append(f"Push a change yourself{again}.")
    return steps


def _to_allow(report: RunReport) -> list[str]:
    """For each rule whose findings wait for a person's word: the line to paste, and where to look first."""
    waits = [found for found in (report.verification.tampering if report.verification else ()) if found.waits]
    counts = Counter(found.rule for found in waits)
    told = []
    for rule, number in counts.items():
        paths = tuple(dict.fromkeys(found.path for found in waits if found.rule == rule))
        more = f" and {count(number - 1, 'more place')}" if number > 1 else ""
        told.append(
            f"look at {code(paths[0])}{more}, and if it may stay, say why: `/specbot allow {rule} REASON`"
            f" (`specbot lint --explain {rule}` has the rule)"
        )
    return told


def _to_install(report: RunReport) -> list[str]:
    """What was proven without what its changed manifests ask for, and the word that has it installed."""
    if not report.manifests:
        return []
    more = len(report.manifests) - 1
    which = code(report.manifests[0]) + (f" and {count(more, 'more file')}" if more else "")
    return [
        f"{which} changed, and nothing was installed for it: look at what it asks for, and if that may run here, "
        f"`/specbot approve environment {short(report.manifests_at)}`"
    ]


_STORIES: Mapping[Kind, Callable[[RunReport, Headline], str]] = {
    Kind.WORKING: _working,
    Kind.MOVED_ON: _moved_on,
    Kind.SUPERSEDED: _superseded,
    Kind.STOPPED: _stopped,
    Kind.LINT: _lint,
    Kind.TROUBLE: _trouble,
    Kind.NO_SPEC: _no_spec,
    Kind.DRAFT: _draft,
    Kind.VERDICTS: _verdicts,
}
