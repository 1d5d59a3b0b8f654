"""Which lines of tests and code a failing proof names, held against the tree that was executed, and later against the commit that is shown."""

from dataclasses import replace

from bot.core.proofs.model import Place, Verification
from bot.core.proofs.places import said_places, there
from bot.core.runs import Run
from bot.errors import SpecbotError
from bot.ids import Sha, TreeSha
from bot.workflows.house import House, log

LARGEST = 1_048_576
"""Bytes of a file that is looked into; no source is larger."""

FILES = 100
"""Files looked into: places are capped far below it, but what an output names is not."""


def placed(house: House, run: Run, verification: Verification, executed: TreeSha) -> Verification:
    """The verification with the places that its failures name and that are there in the tree that was executed."""
    places = said_places(verification.verdicts)
    paths = frozenset(list(dict.fromkeys(place.path for place in places))[:FILES])
    if not paths:
        return verification
    entries = [
        entry for entry in house.git.entries(run.repo, executed) if entry.path in paths and entry.size <= LARGEST
    ]
    contents = house.git.contents(run.repo, entries, limit=LARGEST)
    files = {entry.path: (entry.blob, _lines(contents[entry.path])) for entry in entries if entry.path in contents}
    return replace(verification, places=there(places, files))


def places_at(house: House, run: Run, verification: Verification | None, head: Sha) -> tuple[Place, ...]:
    """Those of them whose file is at this commit as it was executed: other lines would be annotated otherwise."""
    if verification is None or not verification.places:
        return ()
    try:
        entries = house.git.entries(run.repo, house.git.tree(run.repo, head))
    except SpecbotError as fault:  # what is said needs no files; only where it stands does
        log.warning("places not looked up", run=run.run_id, reason=fault.message)
        return ()
    blobs = {entry.path: entry.blob for entry in entries}
    return tuple(place for place in verification.places if blobs.get(place.path) == place.blob)


def _lines(content: bytes) -> int:
    return content.count(b"\n") + (not content.endswith(b"\n") and bool(content))
