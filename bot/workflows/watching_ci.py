"""Part of the sweep: others' checks of what we published are looked at although nobody told of them, for what told of them may be lost."""

from datetime import UTC, datetime

from bot.core.ci import is_look_due
from bot.core.events.model import Command, Verb
from bot.core.policy.model import CiPolicy
from bot.core.pulls import PullRequest
from bot.ids import CommandId
from bot.workflows.house import House
from bot.workflows.lifecycle import live_runs
from bot.workflows.notes import Facts, find
from bot.workflows.others_checks import maker_of


def look_at_checks(house: House, pull: PullRequest) -> bool:
    """Whether a look was asked for: a `listen` like one that GitHub's report causes. Asks GitHub nothing itself; none is asked for unless the head is
    ours, no run is at work, and it is time. Two workers that sweep at once ask for the same one."""
    maker = maker_of(house, pull.repo, pull.number, pull.head_sha)
    if maker is None or live_runs(house, pull):
        return False
    facts = find(house, maker.run_id, Facts)
    if facts is None or facts.config.ci is CiPolicy.IGNORE:
        return False
    now, key = house.clock.now(), f"ci-looked/{pull.repo.repo_id}/{pull.number}/{pull.head_sha}"
    known = house.store.post(key)
    looked = datetime.fromtimestamp(known, UTC) if known is not None else None
    if not is_look_due(maker.ended_at or maker.created_at, looked, now):
        return False
    house.store.add_command(
        Command(
            command_id=CommandId(f"{key}/{known or 0}"),
            verb=Verb.LISTEN,
            repo=pull.repo,
            number=None,
            head_sha=pull.head_sha,
            actor=house.github.app().bot_user,
            given_at=now,
        )
    )
    house.store.keep_post(key, int(now.timestamp()))
    return True
