"""Part of the sweep: others' checks of what we published are looked at although nobody told of them, for what told of them may be lost."""

from datetime import UTC, datetime

from bot.core.ci import CiPolicy, is_look_due
from bot.core.pulls import PullRequest
from bot.workflows.commands.listen import hear
from bot.workflows.engine import Engine
from bot.workflows.house import House
from bot.workflows.lifecycle import live_runs
from bot.workflows.notes import Facts, find
from bot.workflows.others_checks import maker_of


def look_at_checks(house: House, engine: Engine, pull: PullRequest) -> str:
    """What became of it, in words for the log. Asks GitHub nothing unless the head is ours, no run is at work, and it is time."""
    maker = maker_of(house, pull.repo, pull.number, pull.head_sha)
    if maker is None or live_runs(house, pull):
        return "nothing of ours to look at"
    facts = find(house, maker.run_id, Facts)
    if facts is None or facts.config.ci is CiPolicy.IGNORE:
        return "others' checks are not looked at here"
    now, key = house.clock.now(), f"ci-looked/{pull.repo.repo_id}/{pull.number}/{pull.head_sha}"
    known = house.store.post(key)
    looked = datetime.fromtimestamp(known, UTC) if known is not None else None
    if not is_look_due(maker.ended_at or maker.created_at, looked, now):
        return "it is not time"
    heard = hear(house, engine, pull.repo, pull.number, pull.head_sha)
    house.store.keep_post(key, int(now.timestamp()))
    return heard
