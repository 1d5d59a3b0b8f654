"""The answer to `/specbot stop`, where the run's own comment does not say it all."""

from collections.abc import Sequence

from bot.core.pulls import Person
from bot.ids import Sha
from bot.reporting.replies import nothing_runs
from bot.reporting.sanitize import inline
from bot.reporting.words import short


def stopped_text(reviews: Sequence[tuple[Person, Sha]], *, dropped: bool, runs: bool) -> str:
    """`reviews` that were stopped: who asked for each and of which commit. `dropped`: what people asked to have answered waits no more. `runs`: a
    run was stopped, whose own comment says so; "" when that is all."""
    told = [
        f"The review that {inline(by.login)} asked for, of `{short(head)}`, is stopped: nothing of it is posted. `/specbot review` begins a new one."
        for by, head in reviews
    ]
    if dropped:
        told.append(
            "What was asked for in reviews meanwhile is not worked on either; `/specbot fix` has it answered, all at once."
        )
    if told:
        return "\n\n".join(told)
    return "" if runs else nothing_runs()
