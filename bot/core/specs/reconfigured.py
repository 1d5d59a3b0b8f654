"""Demands that a pull request takes out of force without touching their specs: by a configuration that reads other files, or other commands. Pure.

The configuration of the base counts for the pull request itself. What it brings counts from its merge on, so what would be lost then needs a
person before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.compare import Comparison, named_apart
from bot.core.specs.keep_commands import keep_criteria
from bot.core.specs.model import Criterion, Spec, Status

LOST = "with the configuration that comes here it would not be demanded any more"


def reads_otherwise(now: RepositoryConfig, then: RepositoryConfig) -> bool:
    """Whether the two may read other specs, or other demands in them."""
    return (now.specs, now.formats, now.foreign) != (then.specs, then.formats, then.foreign)


def lost_by_configuration(
    standing: Iterable[tuple[Spec, Comparison | None]], then: Iterable[Spec]
) -> tuple[Comparison, ...]:
    """The comparisons that have to be added or to stand for those there are: one for each spec of which a demand would be lost.

    `standing` are the head's specs as they are read now, each with its comparison, None where the pull request leaves the spec alone; `then` are the
    head's as they would be read with its own configuration. What the base does not demand cannot be lost.
    """
    demanded = {one.digest for spec in then if spec.status is Status.READY for one in _demands(spec)}
    found = []
    for spec, comparison in standing:
        lost = [one for one in _merged(spec, comparison) if one.digest not in demanded]
        if lost:
            known = comparison or Comparison(spec.path, base_in_force=True, criteria=())
            gone = lost if comparison is None else [named_apart(one, spec) for one in lost]
            found.append(replace(known, gone=(*known.gone, *gone), why_gone=LOST))
    return tuple(found)


def _merged(spec: Spec, comparison: Comparison | None) -> Sequence[Criterion]:
    """The demands of the spec that the base has too, as the head words them."""
    if spec.status is not Status.READY:
        return ()
    if comparison is None:
        return _demands(spec)
    known = {one.criterion_id for one in comparison.criteria if one.before is not None}
    kept = keep_criteria(spec) if comparison.base_in_force else ()
    return [*(one for one in spec.criteria if one.criterion_id in known), *kept]


def _demands(spec: Spec) -> tuple[Criterion, ...]:
    return (*spec.criteria, *keep_criteria(spec))
