"""Sentences about money and time to come: what it will probably cost, and until when it pauses."""

from datetime import datetime

from bot.core.policy.estimate import Estimate, Range
from bot.reporting.words import money


def estimate_sentence(guess: Estimate) -> str:
    """`Probably 120k to 310k tokens, …`: the middle half of earlier runs, scaled to what is to be proven here."""
    minutes = Range(guess.seconds.low / 60, guess.seconds.middle / 60, guess.seconds.high / 60)
    parts = [
        f"{money(guess.usd.low)} to {money(guess.usd.high)}" if guess.usd else "",
        f"{_tokens(guess.tokens.low)} to {_tokens(guess.tokens.high)} tokens",
        f"{_minutes(minutes.low)} to {_minutes(minutes.high)} minutes",
    ]
    said = ", ".join(part for part in parts if part)
    return f"Probably {said}: half of the last {guess.runs} runs here took that for as many criteria."


def pause_sentence(kind: str, until: datetime, why: str) -> str:
    """For what the run waits, and when it goes on. `why` is an error in words."""
    reason = f" ({why.rstrip('.')})" if why else ""
    return f"Pausing because of {kind}{reason}; goes on at {until:%H:%M} UTC."


def _tokens(number: float) -> str:
    if number >= 999_500:
        return f"{number / 1e6:.1f}M"
    return f"{number / 1e3:.0f}k" if number >= 1_000 else f"{number:.0f}"


def _minutes(number: float) -> str:
    return f"{number:.0f}" if number >= 1 else "less than 1"
