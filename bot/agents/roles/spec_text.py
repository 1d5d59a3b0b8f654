"""Specs as roles are shown them: every file of each, the main one first."""

from collections.abc import Iterable, Iterator

from bot.agents.material import material
from bot.core.specs.model import Spec

SPEC_CHARACTERS = 40_000
"""Of each spec (about 10,000 tokens): one that is longer than that is no longer one task's; the files are in the checkout."""

FURTHER_CHARACTERS = 40_000
"""Of a spec's further files together (a design, a plan): they explain, and the first of them say most."""

LEAST_CHARACTERS = 500
"""A piece that is shorter than this says nothing; the file is in the checkout."""


def shown_specs(specs: Iterable[Spec]) -> list[str]:
    """The texts in the order in which they are shown, each between lines that it cannot forge."""
    return [piece for spec in specs for piece in _pieces(spec)]


def _pieces(spec: Spec) -> Iterator[str]:
    yield material(f"spec {spec.home.path}", spec.text, SPEC_CHARACTERS)
    left = FURTHER_CHARACTERS
    for document in spec.more:
        if left < LEAST_CHARACTERS:
            return
        yield material(f"{document.path}, part of the spec {spec.path}", document.text, left)
        left -= len(document.text)
