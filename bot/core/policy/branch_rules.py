"""What a branch demands of what is brought to it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BranchRules:
    """What a branch demands of what is brought to it, as far as an App may know. `merge_methods` is () where all are allowed."""

    signatures: bool = False
    linear: bool = False
    merge_methods: tuple[str, ...] = ()
