"""What is said when two tasks' work does not go together."""

from collections.abc import Sequence

from bot.reporting.counting import count

SHOWN_PATHS = 5
"""Files named in a reason; the run's page and the fixer's log have all of them."""


def collided(task: str, paths: Sequence[str]) -> str:
    """`the work of T-2 and what was merged before it do not go together in a.py, b.py`."""
    return f"the work of {task} and what was merged before it do not go together in {_named(paths)}"


def gave_up(task: str, paths: Sequence[str], status: str, why: str) -> str:
    """The fixer ended otherwise than by handing in; `status` is its own word for that."""
    said = f": {why.strip()}" if why.strip() else ""
    return f"{collided(task, paths)}; the fixer ended with “{status}”{said}"


def unresolved(task: str, paths: Sequence[str], left: Sequence[tuple[str, str]]) -> str:
    """The fixer handed in and the conflict is still there; `left` are paths, each with a sentence."""
    path, sentence = left[0]
    more = f" ({count(len(left) - 1, 'more file')} like it)" if len(left) > 1 else ""
    return f"{collided(task, paths)}; the fixer handed in, but {path} is not resolved: {sentence}{more}"


def _named(paths: Sequence[str]) -> str:
    shown, more = paths[:SHOWN_PATHS], len(paths) - SHOWN_PATHS
    return ", ".join(shown) + (f" and {count(more, 'more file')}" if more > 0 else "")
