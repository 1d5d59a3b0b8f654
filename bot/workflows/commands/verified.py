"""What stands verified at a pull request's head: what a person's word is about."""

from bot.core.proofs.model import Verification
from bot.core.pulls import PullRequest
from bot.core.runs import Run
from bot.errors import Refused
from bot.workflows.house import House
from bot.workflows.notes import find


def verified_at(house: House, pull: PullRequest) -> Verification:
    """The newest verification that is about this very head. Raises `Refused` while there is none."""
    runs = reversed(house.store.runs_of(pull.repo.repo_id, pull.number))
    verifications = (find(house, run.run_id, Verification) for run in runs if _is_about(run, pull))
    found = next((found for found in verifications if found is not None), None)
    if found is None:
        raise Refused("nothing was verified at this commit yet", hint="wait for the check, or `/specbot verify`")
    return found


def _is_about(run: Run, pull: PullRequest) -> bool:
    return pull.head_sha == (run.candidate if run.published and run.candidate else run.start_head)
