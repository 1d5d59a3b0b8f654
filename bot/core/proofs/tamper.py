"""Tamper rules on the difference between the starting head and the candidate.

HARD findings make every verdict worthless. SOFT ones wait for a person's word (`/specbot allow RULE reason`): what they touch is inert for
this proof, because the trusted files of the starting head are laid over the candidate before anything is executed, but it would be what the
next one stands on. A NOTE is said and asks for nothing. `removes:` in a spec excuses what it names, files and tests that go, and nothing else.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.core.patterns import BadPattern, PathPatterns, path_patterns, readable_patterns
from bot.core.ports.git import ChangedFile, ChangeKind
from bot.core.proofs.diff_lines import DiffLine, FileDiff, file_diffs
from bot.core.proofs.model import TamperFinding, TamperWeight
from bot.core.proofs.tampers.checking_scripts import checking_scripts
from bot.core.proofs.tampers.deleted_tests import deleted_tests
from bot.core.proofs.tampers.dependencies import is_lock, new_dependencies
from bot.core.proofs.tampers.early_end import early_ends
from bot.core.proofs.tampers.expected_values import expected_values
from bot.core.proofs.tampers.fewer_assertions import fewer_assertions
from bot.core.proofs.tampers.lines_of_tests import Excused, lines_of_tests
from bot.core.proofs.tampers.moved_tests import moved_tests
from bot.core.proofs.tampers.movement import Movement, movement
from bot.core.proofs.tampers.runner_lines import runner_lines
from bot.core.proofs.tampers.skipped_tests import skipped_elsewhere, skipped_in_tests
from bot.core.proofs.tampers.spot import Spot
from bot.core.proofs.tampers.tested_code import harness_names, is_prose, tells_tests
from bot.core.proofs.tampers.tolerances import wider_tolerances
from bot.core.proofs.trusted import TrustedPaths
from bot.errors import ConfigFault

RULES = {
    "TP101": (TamperWeight.HARD, "a trusted test file was deleted"),
    "TP102": (TamperWeight.HARD, "a protected path was changed"),
    "TP103": (TamperWeight.HARD, "a spec was changed by the agent"),
    "TP104": (TamperWeight.HARD, "a contract was changed"),
    "TP105": (TamperWeight.HARD, "the change names the harness that judges it"),
    "TP106": (TamperWeight.HARD, "a trusted test was marked to be skipped"),
    "TP107": (TamperWeight.HARD, "a test was taken out of a trusted file"),
    "TP201": (TamperWeight.SOFT, "a trusted test was changed"),
    "TP202": (TamperWeight.SOFT, "the test runner's configuration was changed"),
    "TP203": (TamperWeight.SOFT, "a dependency was added or changed"),
    "TP204": (TamperWeight.SOFT, "a test was marked to be skipped"),
    "TP205": (TamperWeight.SOFT, "the code does something of its own when it is tested"),
    "TP206": (TamperWeight.SOFT, "a trusted test asserts less than before"),
    "TP207": (TamperWeight.SOFT, "a trusted test tolerates more than before"),
    "TP208": (TamperWeight.SOFT, "a value in a trusted test was replaced"),
    "TP209": (TamperWeight.SOFT, "a trusted test ends early"),
    "TP210": (TamperWeight.SOFT, "a script with which a criterion's command checks was changed"),
    "TP301": (TamperWeight.NOTE, "lines were added to a trusted test"),
}
"""Every rule with its weight and title; ids are stable."""

FINDINGS_PER_RULE = 20
"""Findings listed for one rule; a change that trips more is told by the count."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What the rules guard. `protected` and `removes` are gitignore patterns (`removes`: what the specs name as meant to go, a single test
    as `PATH::TEST`), `specs` and `contracts` exact paths. `commands` are the scripts of all criteria, `scope` what the specs say may be written."""

    trusted: TrustedPaths
    protected: Sequence[str] = ()
    specs: Collection[str] = ()
    contracts: Collection[str] = ()
    removes: Sequence[str] = ()
    commands: Sequence[str] = ()
    scope: Sequence[str] = ()


def tampering(changes: Sequence[ChangedFile], diff: str, guarded: Guarded) -> tuple[TamperFinding, ...]:
    """All findings, by rule and path. `changes` and `diff` are both from the starting head's tree to the candidate's.

    Raises `ConfigFault` when a protected pattern cannot be read.
    """
    try:
        protected = path_patterns(guarded.protected)
    except BadPattern as error:
        hint = "mend the pattern under `protected` in .github/specbot.yml"
        raise ConfigFault(f"a protected pattern cannot be read: it {error}", hint=hint) from error
    excused = Excused(readable_patterns(guarded.removes))
    files = file_diffs(diff)
    moved = moved_tests(files, guarded.trusted)
    spots = [spot for change in changes for spot in _of_change(change, guarded, protected, excused, moved)]
    untrusted = [change for change in changes if not guarded.trusted.covers(change.path)]
    spots += checking_scripts(untrusted, files, guarded.commands, {path.lstrip("/") for path in guarded.scope})
    spots += _of_lines(files, guarded.trusted, excused)
    weakened = {spot.path for spot in spots if spot.rule in ("TP106", "TP107", "TP206", "TP207", "TP208", "TP209")}
    spots += [spot for change in changes for spot in _of_test(change, files, guarded, excused, weakened)]
    ordered = sorted(dict.fromkeys(spots), key=lambda spot: (spot.rule, spot.path, spot.line, spot.message))
    return tuple(_capped(ordered))


def _of_change(
    change: ChangedFile, guarded: Guarded, protected: PathPatterns, excused: Excused, moved: Mapping[str, FileDiff]
) -> Iterator[Spot]:
    """What the change of a whole file means. `moved` are trusted tests that stand elsewhere now, by their old paths."""
    path, what = change.path, _done(change)
    if pattern := protected.deciding(path):
        yield _of_file("TP102", change, f"it was {what}, and `{pattern}` is protected")
    if path in guarded.specs:
        yield _of_file("TP103", change, f"the spec was {what}: only people say what is wanted")
    if path in guarded.contracts:
        yield _of_file("TP104", change, f"the contract was {what}: it is locked")
    elif guarded.trusted.is_test(path):
        if change.kind is ChangeKind.DELETED and path not in moved and not excused.file(path):
            yield _of_file("TP101", change, "it was deleted, and no spec names it under `removes:`")
    elif guarded.trusted.covers(path):
        yield _of_file("TP202", change, f"it was {what}; the proofs ran with the version of the starting head")
    if is_lock(path) and change.kind is not ChangeKind.DELETED:
        yield _of_file("TP203", change, f"it was {what}, and says what is installed")


def _of_test(
    change: ChangedFile, files: Sequence[FileDiff], guarded: Guarded, excused: Excused, weakened: Collection[str]
) -> Iterator[Spot]:
    """TP201 or TP301 for a trusted test that is another one now, unless more is said about it already (`weakened`)."""
    path, file = change.path, next((one for one in files if one.new == change.path and one.old), None)
    trusted = guarded.trusted.is_test(path) and path not in guarded.contracts
    came = file is not None and file.moved and guarded.trusted.is_test(file.old) and bool(file.hunks)
    there = change.kind not in (ChangeKind.ADDED, ChangeKind.DELETED)
    if not trusted or not (there or came) or path in weakened or (file and file.old in weakened):
        return
    words = (
        f"it was {'moved and changed' if came else _done(change)}; the proofs ran with the version of the starting head"
    )
    if file is None or not file.hunks:
        yield _of_file("TP201", change, words)
    elif removed := _removed(file, excused):
        yield Spot("TP201", path, words, removed.old, before=True, covers=change.blob)
    else:
        first = next(file.added, None)
        yield Spot("TP301", path, "lines were added; the proofs ran without them", first.new if first else 0)


def _of_lines(files: Sequence[FileDiff], trusted: TrustedPaths, excused: Excused) -> Iterator[Spot]:
    tests = movement([file for file in files if trusted.is_test(file.new or file.old)])
    for file in files:
        if not file.new:
            continue
        yield from new_dependencies(file)
        yield from runner_lines(file)
        if trusted.is_test(file.new):
            yield from skipped_in_tests(file, tests.gone)
        elif not is_prose(file.new):
            yield from skipped_elsewhere(file)
        if not is_prose(file.new):
            yield from harness_names(file, excused)
        if not trusted.covers(file.new) and not is_prose(file.new):
            yield from tells_tests(file)
        if file.old and trusted.is_test(file.old) and trusted.is_test(file.new):
            yield from _weaker(file, tests, excused)


def _weaker(file: FileDiff, tests: Movement, excused: Excused) -> Iterator[Spot]:
    """What was done to a trusted test file that is still one."""
    yield from deleted_tests(file, tests.written, excused)
    yield from fewer_assertions(file, tests, excused)
    yield from early_ends(file, tests.gone)
    wider = tuple(wider_tolerances(file))
    yield from wider
    yield from expected_values(file, {spot.line for spot in wider})


def _removed(file: FileDiff, excused: Excused) -> DiffLine | None:
    """The first line that went and says something, outside of tests that are meant to go."""
    return next(
        (
            found.line
            for found in lines_of_tests(file, ())
            if found.line.removed and found.line.text.strip() and not excused.test(file.old, found.test)
        ),
        None,
    )


def _done(change: ChangedFile) -> str:
    done = {ChangeKind.ADDED: "added", ChangeKind.DELETED: "deleted", ChangeKind.TYPE: "turned into something else"}
    return done.get(change.kind, "changed")


def _of_file(rule: str, change: ChangedFile, message: str) -> Spot:
    """On the whole file. A person's word about it is for this content: other bytes are another finding."""
    return Spot(rule, change.path, message, covers=change.blob)


def _finding(spot: Spot) -> TamperFinding:
    return TamperFinding(
        spot.rule, RULES[spot.rule][0], spot.path, spot.message, spot.line, before=spot.before, covers=spot.covers
    )


def _capped(spots: Sequence[Spot]) -> Iterator[TamperFinding]:
    for rule in RULES:
        of_rule = [_finding(spot) for spot in spots if spot.rule == rule]
        yield from of_rule[:FINDINGS_PER_RULE]
        left = of_rule[FINDINGS_PER_RULE:]
        if left:
            covers = hashlib.sha256("".join(found.digest for found in left).encode()).hexdigest()
            yield _finding(Spot(rule, left[0].path, f"and {len(left)} more: {RULES[rule][1]}", covers=covers))
