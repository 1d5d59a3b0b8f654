"""What can be told of a gitignore pattern without a tree. Pure."""

import re

_WILD = re.compile(r"[*?\[]")


def is_wild(pattern: str) -> bool:
    """True when it may match more than one path."""
    return _WILD.search(pattern) is not None


def example(pattern: str) -> str:
    """A path that the pattern matches: each wildcard replaced by something plain."""
    text = pattern.removeprefix("!").strip("/")
    names = ["sample" if name == "**" else _WILD.sub("x", name) for name in text.split("/")]
    return "/".join(names)


def fixed_folder(pattern: str) -> str:
    """The folder before the first wildcard of a pattern, "" for the root."""
    names = pattern.strip("/").split("/")[:-1]
    wild = next((index for index, name in enumerate(names) if _WILD.search(name)), len(names))
    return "/".join(names[:wild])
