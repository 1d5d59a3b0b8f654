"""What becomes of a reviewer's findings: which are told, what their commands show, and which of them stand in the ledger from then on."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.pulls import Annotation
from bot.core.reviews.choosing import Before, choose, command_of, placed
from bot.core.reviews.fingerprints import lines_of, moved
from bot.core.reviews.model import ReviewFinding
from bot.core.reviews.rows import ROWS, dismissals, finding_record, recorded
from bot.core.runs import Run
from bot.ids import Digest, ReviewId, TreeSha
from bot.reporting.masking import Redactor
from bot.reporting.review import left_out
from bot.workflows.environment import own_environment, prepared
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts
from bot.workflows.proving import ground_of
from bot.workflows.reproducing import contents_at, try_out


@dataclass(frozen=True, slots=True)
class Examined:
    """The findings to tell, and what is left out of them in a sentence. `blocking`: some of them may stop the merge from now on."""

    findings: tuple[ReviewFinding, ...]
    left_out: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class Material:
    """What a reviewer handed in about a tree. `earlier` is what another one found in the same run and nobody was told yet; `annotations` is what other
    checks say of it. Without `executing` no command is tried, and without `blocking` nothing that is found stops the merge."""

    findings: tuple[ReviewFinding, ...]
    earlier: tuple[ReviewFinding, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    executing: bool = True
    blocking: bool = True


async def examine(house: House, run: Run, facts: Facts, tree: TreeSha, material: Material) -> Examined:
    """Look into what a reviewer found on `tree`. Repeating it after a crash records nothing twice."""
    found = await in_thread(lambda: _placed(house, run, tree, material.findings, material.earlier))
    before = await in_thread(lambda: _before(house, run, found))
    chosen = choose(found, before, material.annotations, facts.config.review.most)
    told = chosen.findings
    if material.executing and any(one.reproduce for one in told):
        environment = await prepared(house, run, facts)
        own = await own_environment(house, run, facts, tree)
        empty = await in_thread(lambda: _empty(house, run, tree))
        told = await try_out(ground_of(house, run, facts, tree, environment, own), told, empty)
    told = tuple(one for one in told if not _mended(one, material.earlier, found[: len(material.findings)]))
    stopping = [one for one in told if one.blocks] if material.blocking and facts.config.review.blocks else []
    await in_thread(lambda: _record(house, run, tree, stopping))
    return Examined(told, left_out(chosen.known, chosen.elsewhere, chosen.beyond), bool(stopping))


def posted_key(run: Run, fingerprint: Digest) -> str:
    """Where the store keeps that a finding stands in a review of the pull request."""
    return f"finding/{run.repo.repo_id}/{run.number}/{fingerprint}"


def keep_posted(house: House, run: Run, findings: Sequence[ReviewFinding], review: ReviewId) -> None:
    """They are on the pull request: no later review says them again."""
    for finding in findings:
        if finding.fingerprint:
            house.store.keep_post(posted_key(run, finding.fingerprint), review)


def _empty(house: House, run: Run, tree: TreeSha) -> TreeSha:
    return house.git.with_files(run.repo, tree, {}, [entry.path for entry in house.git.entries(run.repo, tree)])


def _placed(
    house: House, run: Run, tree: TreeSha, findings: Sequence[ReviewFinding], earlier: Sequence[ReviewFinding]
) -> tuple[ReviewFinding, ...]:
    """Without secrets, with fingerprints; of the earlier ones those whose lines still stand."""
    clean = Redactor(house.secrets).masked(tuple(findings))
    contents = contents_at(house, run, tree, (*clean, *earlier))
    still = (moved(one, lines_of(contents.get(one.path, b""))) for one in earlier)
    return (*placed(clean, contents), *(one for one in still if one is not None))


def _before(house: House, run: Run, found: Sequence[ReviewFinding]) -> Before:
    ledger = house.store.ledger(run.repo.repo_id, run.number)
    posted = {one.fingerprint for one in found if house.store.post(posted_key(run, one.fingerprint)) is not None}
    rows = {command_of(one.finding): one.finding.fingerprint for one in recorded(ledger)}
    return Before(frozenset(posted | dismissals(ledger).keys()), rows)


def _mended(finding: ReviewFinding, earlier: Sequence[ReviewFinding], fresh: Sequence[ReviewFinding]) -> bool:
    """Whether an earlier reviewer showed it by a command that passes by now, and nobody has found it again."""
    known = {one.fingerprint for one in earlier} - {one.fingerprint for one in fresh}
    return finding.fingerprint in known and finding.tried is not None and finding.tried.passes


def _record(house: House, run: Run, tree: TreeSha, blocking: Sequence[ReviewFinding]) -> None:
    """Each once for the pull request, however often it is found."""
    known = recorded(house.store.ledger(run.repo.repo_id, run.number))
    room = ROWS - len(known)
    fresh = [one for one in blocking if one.fingerprint not in {row.finding.fingerprint for row in known}]
    for finding in fresh[: max(room, 0)]:
        key = f"finding/{finding.fingerprint}"
        body = finding_record(finding, run.run_id, tree)
        house.store.append_ledger(run.repo.repo_id, run.number, key, body)
