"""What a branch demands of what is brought to it. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BranchRules:
    """What a branch demands of what is brought to it, as far as an App may know and we have to.

    How people may merge is not among it: no text of ours says how, our commits have one parent each, and GitHub's own button offers what is allowed.
    """

    signatures: bool = False
