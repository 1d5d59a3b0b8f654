"""OpenSpec (1.10): living specs by capability, and changes that say what is to become of them. Pure; `layouts.py` says which place is which.

openspec/specs/<capability>/spec.md                          a spec of its own
openspec/changes/<id>/{proposal,design,tasks}.md             one spec together with
openspec/changes/<id>/specs/<capability>/spec.md             its deltas
"""

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.formats.openspec.base import before_change, before_living
from bot.core.specs.formats.openspec.change import read_change
from bot.core.specs.formats.openspec.layout import is_change, wanted_by_change, wanted_by_living
from bot.core.specs.formats.openspec.living import read_living
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Reading, Spec
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths


def wanted(place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
    """The files of the spec, and those of other changes and living specs that it has to be held against."""
    return wanted_by_change(place, tree) if is_change(place) else wanted_by_living(place, tree)


def read(place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
    """The spec. A scenario is a criterion, named `<capability>/<requirement>/<scenario>` in a change and in the living spec alike."""
    return read_change(place, files, config) if is_change(place) else read_living(place, files, config)


def before(place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
    """What the base demanded in the same place, told by all of its files that have a say in it."""
    told = before_change if is_change(place) else before_living
    return told(place, head, files, config)
