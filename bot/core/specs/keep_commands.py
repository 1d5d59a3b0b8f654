"""The `keep` commands of a spec's front matter, as criteria like any other. Pure."""

from bot.core.specs.digests import criterion_digest
from bot.core.specs.model import Criterion, ProofKind, Spec
from bot.ids import CriterionId


def keep_criteria(spec: Spec) -> tuple[Criterion, ...]:
    """The spec's `keep` commands as criteria named `<spec>#keep-1`, `keep-2`, …"""
    return tuple(
        Criterion(
            criterion_id=CriterionId(f"keep-{number}"),
            spec_path=spec.path,
            text=f"`{command.one_line}` does not get worse.",
            kind=ProofKind.KEEP,
            commands=(command,),
            position=command.position,
            digest=criterion_digest("keep", ProofKind.KEEP, [command.script]),
        )
        for number, command in enumerate(spec.keep, start=1)
    )
