"""What is said of a conflict."""

from bot.reporting.conflicts import collided, gave_up, unresolved


def test_the_files_are_named_as_far_as_there_is_room() -> None:
    assert collided("T-2", ["a"]) == "the work of T-2 and what was merged before it do not go together in a"
    assert collided("T-2", list("abcdef")).endswith("in a, b, c, d, e and 1 more file")
    assert collided("T-2", list("abcdefg")).endswith("and 2 more files")


def test_how_the_fixer_ended_is_told_with_its_reason_if_there_is_one() -> None:
    assert gave_up("T-2", ["a"], "limit", "the run's turns are used up").endswith(
        "“limit”: the run's turns are used up"
    )
    assert gave_up("T-2", ["a"], "stuck", " ").endswith("the fixer ended with “stuck”")


def test_what_is_left_is_told_by_its_first_file() -> None:
    left = [("a", "Lines are in it."), ("b", "x"), ("c", "x")]
    assert unresolved("T-2", ["a", "b"], left).endswith("a is not resolved: Lines are in it. (2 more files like it)")
    assert unresolved("T-2", ["a"], left[:1]).endswith("Lines are in it.")
