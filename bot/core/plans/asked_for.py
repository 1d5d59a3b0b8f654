"""Whether specs ask for work that no criterion can show as undone: a refactoring, where everything holds before and has to hold after. Pure."""

from collections.abc import Collection, Iterable

from bot.core.plans.from_spec import is_open
from bot.core.specs.model import ProofKind, Spec


def asks_for_more(specs: Iterable[Spec], known: Collection[str], *, only_specs: bool) -> bool:
    """True when a spec that is new here has tasks and nothing but `keep` criteria, and nothing but specs has changed yet.

    `known` are the paths of specs that are in force on the base: to touch one of them asks for nothing. A spec without tasks says what holds, and asks for
    nothing either. Where code came with the spec, people have done the work, and what is kept is the whole proof.
    """
    return only_specs and any(spec.path not in known and _is_refactoring(spec) for spec in specs)


def _is_refactoring(spec: Spec) -> bool:
    names = [criterion.name for criterion in spec.criteria]
    tasks = any(is_open(task, spec, names) for task in spec.tasks)
    return tasks and bool(names) and all(criterion.kind is ProofKind.KEEP for criterion in spec.criteria)
