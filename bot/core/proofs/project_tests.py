"""The tests of a monorepo's projects as criteria: where a change touches a project, its own tests must not get worse. Pure."""

from collections.abc import Iterable, Sequence

from bot.core.policy.model import ProjectConfig
from bot.core.proofs.planning import Claim
from bot.core.specs.digests import criterion_digest
from bot.core.specs.model import Command, Criterion, Position, ProofKind, Spec, Status
from bot.ids import CriterionId


def project_claims(
    projects: Sequence[ProjectConfig], changed: Iterable[str], specs: Iterable[Spec]
) -> tuple[Claim, ...]:
    """A KEEP claim for each project that has tests and holds one of the changed paths, `<spec>#project-1`, … in the configuration's order.

    They stand with the first spec in force; without one nothing is claimed.
    """
    spec = next((spec for spec in specs if spec.status is Status.READY), None)
    if spec is None:
        return ()
    paths = tuple(changed)
    touched = (project for project in projects if project.test and any(_below(path, project.path) for path in paths))
    return tuple(
        Claim(_criterion(number, project, spec.path), ProofKind.KEEP) for number, project in enumerate(touched, 1)
    )


def project_script(project: ProjectConfig) -> str:
    """The project's tests as a script for the checkout's root. The folder is a plain one, which the configuration's reader has checked."""
    return project.test if project.path == "." else f"cd {project.path} || exit 2\n{project.test}"


def _below(path: str, folder: str) -> bool:
    return folder == "." or path.startswith(f"{folder}/")


def _criterion(number: int, project: ProjectConfig, spec_path: str) -> Criterion:
    script = project_script(project)
    place = Position(spec_path, 1)
    return Criterion(
        criterion_id=CriterionId(f"project-{number}"),
        spec_path=spec_path,
        text=f"`{project.test.strip().splitlines()[0][:200]}` in `{project.path}` does not get worse.",
        kind=ProofKind.KEEP,
        commands=(Command(script, place),),
        position=place,
        digest=criterion_digest("project", ProofKind.KEEP, [script]),
    )
