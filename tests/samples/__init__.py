"""Small repositories of our own in three languages, none with a word about Specbot's configuration.

`base` is what stands on the main branch, `head` what a person pushes (a spec and its tests), `work` what an implementer writes.
"""

from pathlib import Path

HERE = Path(__file__).parent


def files(language: str, part: str) -> dict[str, str]:
    """The files of one part of a sample, by path."""
    root = HERE / language / part
    found = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in found}
