"""Numbers of things, in words. Apart from `words.py`: the linter says numbers only, and loads no more than that."""


def count(number: int, thing: str, things: str = "") -> str:
    """`1 error`, `3 errors`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"
