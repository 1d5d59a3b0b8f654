"""What others' red checks say, as an agent is told it: data between lines that it cannot forge, without what people do not see."""

from collections.abc import Iterable

from bot.agents.material import material, one_line, without_comments
from bot.core.ci import CiFailure

FAILURES_SHOWN = 10
"""Red checks told of: where more fail at once, they fail for the same cause."""

SUMMARY_CHARACTERS = 4_000
"""Of one check's summary and text: the error stands at the head or at the end."""

LOG_CHARACTERS = 8_500
"""Of the failing part of its log, which was cut to whole lines before, with the words that say so."""

ANNOTATION_CHARACTERS = 8_000
"""Of one check's annotations together: about fifty lines with their places."""


def shown_failures(failures: Iterable[CiFailure]) -> list[str]:
    """One piece for each check."""
    return [_shown(failure) for failure in list(failures)[:FAILURES_SHOWN]]


def _shown(failure: CiFailure) -> str:
    places = [
        f"{one_line(one.path)}:{one.start_line}: {one.level.value}: {one_line(f'{one.title} {one.message}', 500)}"
        for one in failure.annotations
    ]
    parts = [
        material(
            f"check {one_line(failure.name)}",
            without_comments(f"{failure.title}\n{failure.summary}"),
            SUMMARY_CHARACTERS,
        ),
        material("its annotations", "\n".join(places), ANNOTATION_CHARACTERS) if places else "",
        material("the end of its log", failure.log, LOG_CHARACTERS) if failure.log else "",
    ]
    return "\n\n".join(part for part in parts if part)
