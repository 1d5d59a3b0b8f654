"""Which commands make sense at a place now, and which of them a person may give. Pure."""

from dataclasses import dataclass

from bot.core.events.model import TYPED, Verb
from bot.core.policy.model import RepositoryConfig
from bot.core.policy.rights import may
from bot.core.pulls import Permission, Person

ON_ISSUES = frozenset({Verb.ORCHESTRATE, Verb.ANSWER, Verb.STOP, Verb.BUDGET, Verb.STATUS, Verb.HELP})
"""What can be said where there is no pull request yet."""

WHILE_LIVE = frozenset({Verb.STOP, Verb.BUDGET, Verb.FIX, Verb.ANSWER, Verb.STATUS, Verb.HELP, Verb.ORCHESTRATE})
"""What a run at work takes; everything else is answered with the run that is in the way."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody asks. `live`: a run is at work there; `review`: a review that was asked for is under way."""

    on_issue: bool
    live: bool
    review: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """Each verb that can be typed is in exactly one of the three: to be given now, not here or not now, or not by this person, with the reason."""

    now: tuple[Verb, ...]
    later: tuple[Verb, ...]
    refused: tuple[tuple[Verb, str], ...]


def offers(place: Place, person: Person, permission: Permission, config: RepositoryConfig) -> Offers:
    """What `person` can say at `place`, in the order of the verbs."""
    now: list[Verb] = []
    later: list[Verb] = []
    refused: list[tuple[Verb, str]] = []
    for verb in map(Verb, TYPED):
        decision = may(verb, permission, config, actor=person)
        if not decision.allowed:
            refused.append((verb, "; ".join(decision.reasons)))
        elif _fits(verb, place):
            now.append(verb)
        else:
            later.append(verb)
    return Offers(tuple(now), tuple(later), tuple(refused))


def _fits(verb: Verb, place: Place) -> bool:
    if verb is Verb.STOP and not (place.live or place.review):
        return False
    if place.on_issue:
        return verb in ON_ISSUES
    return not place.live or verb in WHILE_LIVE
