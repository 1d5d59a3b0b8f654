"""What the configuration that a pull request brings would take out of force, read in the head's own tree."""

from dataclasses import replace

from bot.core.policy.configuration import PATH, read_configuration
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.layouts import places_of
from bot.core.specs.model import Reading, Spec
from bot.core.specs.reconfigured import lost_by_configuration, reads_otherwise
from bot.errors import ConfigFault
from bot.workflows.notes import Specs
from bot.workflows.sides import Side


def with_reconfigured(specs: Specs, head: Side, base: Side, config: RepositoryConfig) -> Specs:
    """The specs with the demands that merging this configuration would lose, each as one that is gone.

    A configuration with faults loses nothing: as long as it stands, every run ends and names them. Of one that is no file of its own, but a link to
    another one, nobody knows what it will say, so nothing counts as read by it.
    """
    brought = head.content(PATH)
    if brought is not None and brought == base.content(PATH):
        return specs
    try:
        then = read_configuration(None, brought)
    except ConfigFault:
        return specs
    if brought is None and PATH in head.paths:
        then = replace(then, specs=(), formats=())
    if not reads_otherwise(config, then):
        return specs
    known = {one.spec_path: one for one in specs.comparisons}
    standing = [(spec, known.get(spec.path)) for spec in _read(head, config)]
    lost = {one.spec_path: one for one in lost_by_configuration(standing, _read(head, then))}
    told = {one.path for one in specs.readings}
    return Specs(
        (*specs.readings, *(Reading(path, None, (), deleted=True) for path in lost if path not in told)),
        tuple({**known, **lost}.values()),
        specs.unmet,
    )


def _read(head: Side, config: RepositoryConfig) -> list[Spec]:
    readings = [head.reading(place, config) for place in places_of(head.paths.paths, config)]
    return [reading.spec for reading in readings if reading.spec is not None]
