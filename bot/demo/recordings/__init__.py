"""Recorded models that come with us, `NAME.jsonl`, made by `python -m bot.adapters.model.recorder` from a session that was
answered by hand."""

from importlib.resources import files

from bot.errors import UserFault

_SUFFIX = ".jsonl"


def names() -> tuple[str, ...]:
    """What can be played."""
    return tuple(
        sorted(item.name.removesuffix(_SUFFIX) for item in files(__name__).iterdir() if item.name.endswith(_SUFFIX))
    )


def recording(name: str) -> str:
    """The text of a recording, for `bot.adapters.model.recording.read_recording`. Raises `UserFault` when there is none of that name."""
    if name not in names():
        raise UserFault(f"there is no recording {name!r}", hint=f"there are: {', '.join(names()) or 'none'}")
    return (files(__name__) / f"{name}{_SUFFIX}").read_text(encoding="utf-8")
