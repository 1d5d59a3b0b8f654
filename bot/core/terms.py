"""What a run may cost and is expected to, kept as a note of the run so that its page can say it."""

from dataclasses import dataclass

from bot.core.runs import Budget

KIND = "terms"
"""The note's kind."""


@dataclass(frozen=True, slots=True)
class Terms:
    """`estimate` says what runs like this one have cost, `pause` for what and until when the run waits; "" when there is nothing to say."""

    budget: Budget
    estimate: str = ""
    pause: str = ""
