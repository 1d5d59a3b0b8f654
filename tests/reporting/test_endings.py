"""What is said where a run ends short of what it was to do."""

from bot.reporting.endings import half_mended, unmended

SPENT = "the budget of this run is used up: 40,000 of 45,000 tokens are used"


def test_a_row_that_nobody_mended_says_why_and_how_that_goes_on() -> None:
    assert unmended("R-1", SPENT, "mend it and push") == (
        f"mend it and push; `/specbot fix mend R-1` has an agent go on with it. It was to be mended, but {SPENT}"
    )


def test_proven_work_that_is_not_pushed_says_why() -> None:
    assert half_mended(SPENT).startswith(f"{SPENT}. What was proven is not pushed: ")
