"""Runs in a list, for a terminal of 80 columns, and as data for other programs."""

from datetime import datetime

from bot.core.runs import Run, Spent, worked
from bot.reporting.sanitize import one_line
from bot.reporting.words import duration, money

NAME_COLUMN, STATE_COLUMN, COST_COLUMN, TIME_COLUMN = 30, 11, 10, 12
"""Widths; with the 16 characters of a time and a blank they make 80."""

LINE = 78
"""What is left of a line behind two blanks."""

HEADER = f"{'pull request':{NAME_COLUMN}}{'state':{STATE_COLUMN}}{'cost':>{COST_COLUMN}}{'worked':>{TIME_COLUMN}} {'began (UTC)':16}"


def run_lines(run: Run, spent: Spent, now: datetime, url: str) -> tuple[str, ...]:
    """What it is, then how it stands, then where to look: `url`, or the run's id where it has no page."""
    tail = f"#{run.number}"
    room = NAME_COLUMN - 1 - len(tail)
    full = one_line(run.repo.full_name, LINE)
    name = f"{full if len(full) <= room else full[: room - 1] + '…'}{tail}"
    cost = "–" if not spent.calls else "unknown" if spent.usd is None else _short_money(spent.usd)
    row = (
        f"{name:{NAME_COLUMN}}{run.state.value:{STATE_COLUMN}}{cost:>{COST_COLUMN}}"
        f"{duration(worked(run, now)):>{TIME_COLUMN}} {run.created_at:%Y-%m-%d %H:%M}"
    )
    said = run.stage.value if run.state.live else run.reason
    return (row, *([f"  {one_line(said, LINE)}"] if said else []), f"  {url or run.run_id}")


def run_fields(run: Run, spent: Spent, now: datetime, url: str) -> dict[str, object]:
    """The same as plain JSON data; times in ISO 8601, seconds and USD as numbers, null where unknown."""
    return {
        "run": run.run_id,
        "repository": run.repo.full_name,
        "number": run.number,
        "attempt": run.attempt,
        "state": run.state.value,
        "stage": run.stage.value,
        "reason": run.reason,
        "head": run.start_head,
        "candidate": run.candidate,
        "published": run.published,
        "requester": run.requester.login,
        "created_at": run.created_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "seconds": round(worked(run, now), 1),
        "calls": spent.calls,
        "tokens": spent.usage.total,
        "usd": spent.usd,
        "url": url or None,
    }


def _short_money(usd: float) -> str:
    return "< $0.01" if 0 < usd < 0.01 else money(usd)
