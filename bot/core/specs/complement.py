"""What a foreign format cannot say and somebody says elsewhere: commands, scope, budget. In front matter, or in `.github/specbot.yml`. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.core.patterns import readable_patterns
from bot.core.specs.front_matter import ProofKeys
from bot.core.specs.model import BudgetWish, Complement, ProofKind, ProofWish

ONE_PROOF = "says several of `verify`, `keep` and `accept`, or none"


def is_one_proof(keys: ProofKeys) -> bool:
    """A criterion is proven in one way."""
    return sum((bool(keys.verify), bool(keys.keep), keys.accept)) == 1


def proof_wishes(proofs: Mapping[str, ProofKeys]) -> tuple[ProofWish, ...]:
    """Those that say one way."""
    return tuple(_wish(criterion, keys) for criterion, keys in proofs.items() if is_one_proof(keys))


def _wish(criterion: str, keys: ProofKeys) -> ProofWish:
    if keys.accept:
        return ProofWish(criterion, ProofKind.ACCEPT)
    return ProofWish(criterion, ProofKind.CHANGE if keys.verify else ProofKind.KEEP, keys.verify or keys.keep)


def complement_for(path: str, complements: Iterable[Complement]) -> Complement:
    """All that is said for the spec at `path`, the later entry's word over the earlier one's; their proofs together, by criterion."""
    said = Complement(path)
    for one in complements:
        if readable_patterns((one.folder,)).matches(path):
            said = _over(said, one)
    return said


def _over(said: Complement, one: Complement) -> Complement:
    proofs = {proof.criterion: proof for proof in (*said.proofs, *one.proofs)}
    return replace(
        said,
        scope=one.scope or said.scope,
        keep=one.keep or said.keep,
        budget=one.budget if one.budget != BudgetWish() else said.budget,
        removes=one.removes or said.removes,
        implement=said.implement if one.implement is None else one.implement,
        proofs=tuple(proofs.values()),
    )
