"""What a run will probably cost."""

from bot.core.policy.estimate import PastRun, Range, estimate
from bot.reporting.spending import estimate_sentence

PAST = [PastRun(2, 100_000 * n, 120.0 * n, 0.5 * n) for n in (1, 2, 3, 4, 5)]


def test_past_runs_are_scaled_to_what_is_to_be_proven() -> None:
    guess = estimate(PAST, 4)
    assert guess is not None
    assert guess.tokens == Range(400_000, 600_000, 800_000)
    assert guess.usd == Range(2.0, 3.0, 4.0)
    assert guess.seconds == Range(480, 720, 960)
    assert estimate_sentence(guess) == (
        "Probably $2.00 to $4.00, 400k to 800k tokens, 8 to 16 minutes: half of the last 5 runs here took that for as many criteria."
    )


def test_one_unknown_price_makes_the_money_unknown() -> None:
    guess = estimate([*PAST, PastRun(1, 1_200_000, 10.0, None)], 1)
    assert guess is not None
    assert guess.usd is None
    assert estimate_sentence(guess).startswith("Probably 100k to 250k tokens, 1 to 4 minutes")


def test_nothing_is_said_of_the_first_runs() -> None:
    assert estimate(PAST[:2], 1) is None
    assert estimate(PAST, 0) is None
