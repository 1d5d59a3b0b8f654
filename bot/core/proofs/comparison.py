"""Two runs of one command compared by their named tests: what was lost, what stood red before, what was never shown green."""

from collections.abc import Iterable

from bot.core.proofs.colours import failing, names_in_words, passing
from bot.core.proofs.model import Executed, TestOutcome


def lost(base: Executed | None, candidate: Executed | None) -> dict[str, str]:
    """Tests that were green on the base and are not green on the candidate, each with what it is now. A candidate that names no test
    at all has lost them all: whatever ran them is not started any more."""
    if candidate is None:
        return {}
    green = passing(candidate)
    now = {test.name: test.outcome for test in candidate.tests or ()}
    return {name: _in_a_word(now.get(name)) for name in passing(base) if name not in green}


def not_shown_green(base: Executed | None, candidate: Executed | None) -> tuple[str, ...]:
    """Tests that were red on the base and did not pass on the candidate. A file that could not be loaded on the base is shown
    green by any passing test of it. Empty when the base named no test."""
    green = passing(candidate)
    return tuple(name for name in failing(base) if name not in green and not _loaded_now(name, green))


def newly_red(base: Executed | None, candidate: Executed) -> tuple[str, ...]:
    """Tests that are red on the candidate and were not red on the base, neither by themselves nor with their whole file."""
    before = failing(base)
    return tuple(name for name in failing(candidate) if not any(part in before for part in (name, *_wholes(name))))


def lost_in_words(found: dict[str, str]) -> str:
    """`a`, `b` red now; `c` missing now."""
    states = sorted(set(found.values()))
    by_state = [(state, [name for name in found if found[name] == state]) for state in states]
    return "; ".join(f"{names_in_words(names)} {state} now" for state, names in by_state)


def _loaded_now(name: str, green: Iterable[str]) -> bool:
    return "::" not in name and any(test.startswith((f"{name}::", f"{name}/", f"{name} (")) for test in green)


def _wholes(name: str) -> tuple[str, str]:
    """What a test is part of: its file or package, and for cargo its program, `cut (tests/cut.rs)::short` -> `cut`."""
    whole = name.partition("::")[0]
    return whole, whole.partition(" (")[0]


def _in_a_word(outcome: TestOutcome | None) -> str:
    if outcome is None:
        return "missing"
    return "skipped" if outcome is TestOutcome.SKIPPED else "red"
