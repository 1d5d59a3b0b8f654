"""Where a value stands in the front matter; the model keeps no places for its lists. Pure."""

from bot.core.specs.model import Position, Spec


def front_place(spec: Spec, value: str) -> Position:
    """The first line of the main file's front matter that holds `value`, that file's first line when none does."""
    end = spec.text.find("\n---", 3)
    front = spec.text[:end] if end != -1 else ""
    for number, line in enumerate(front.split("\n"), 1):
        if value in line:
            return Position(spec.home.path, number, line.index(value) + 1)
    return spec.home
