"""Placeholder of the importer's branch."""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats.foreign import open_pages, without_main
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Reading, Spec
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths


def wanted(place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
    return tree.below(place.path)


def read(place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
    return without_main(place, open_pages((), files), files, f"{place.path}/spec.md")


def before(place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
    return None
