"""What all importers share: opening a folder's files, and turning what an importer understood into the one spec model. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256

from bot.core.patterns import readable_patterns
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.blocks import BlockKind, Outline, outline
from bot.core.specs.clauses import split_clause
from bot.core.specs.complement import ONE_PROOF, complement_for, is_one_proof, proof_wishes
from bot.core.specs.digests import criterion_digest
from bot.core.specs.findings import in_line_order
from bot.core.specs.formats.commands import kind_word, stray_commands
from bot.core.specs.front_matter import ForeignFrontMatter, Front, read_foreign_front_matter
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import (
    BudgetWish,
    Clause,
    Command,
    Complement,
    Criterion,
    Document,
    Finding,
    Position,
    ProofKind,
    ProofWish,
    Reading,
    Spec,
    SpecTask,
    Status,
)
from bot.core.specs.rules import foreign, reading
from bot.core.specs.rules.patterns import example
from bot.core.specs.source import MAX_BYTES, MAX_LINES, Files, Source, open_source
from bot.ids import CriterionId, Digest


@dataclass(frozen=True)
class Page:
    """One opened file. Its front matter, whoever's, is no part of the Markdown."""

    source: Source

    @cached_property
    def outline(self) -> Outline:
        body = self.source.lines[self.source.front :]
        return outline("\n" * self.source.front + "".join(f"{line}\n" for line in body))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines with front matter and fenced code blanked, for formats that are read line by line; index 0 is line 1."""
        lines = [""] * self.source.front + list(self.source.lines[self.source.front :])
        for block in self.outline.blocks:
            if block.kind is BlockKind.FENCE:
                for number in range(block.line, min(block.end_line, len(lines)) + 1):
                    lines[number - 1] = ""
        return tuple(lines)

    @property
    def path(self) -> str:
        return self.source.path


@dataclass(frozen=True, slots=True)
class Pages:
    """The files of one spec that could be opened, by path, and what was said about all of them. `digest` covers every raw byte."""

    by_path: Mapping[str, Page]
    findings: tuple[Finding, ...]
    digest: Digest


@dataclass(frozen=True, slots=True)
class Found:
    """A criterion as an importer found it. `commands` are those written inside it, `homes` the lines on which blocks inside it start.
    `keep` for criteria that say themselves that something must not change, `accept` for those that leave themselves to a person. `clause` where
    the importer knows it better than the text alone shows."""

    criterion_id: CriterionId
    text: str
    position: Position
    commands: tuple[tuple[ProofKind, Command], ...] = ()
    homes: frozenset[int] = frozenset()
    keep: bool = False
    accept: bool = False
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an importer understood of a folder. `proofs` are said somewhere else for the same criteria, and count where nothing nearer says
    anything."""

    main: Page
    title: str
    criteria: tuple[Found, ...]
    tasks: tuple[SpecTask, ...] = ()
    findings: tuple[Finding, ...] = ()
    intent: str = ""
    context: str = ""
    constraints: tuple[str, ...] = ()
    out_of_scope: str = ""
    proofs: tuple[ProofWish, ...] = ()


def open_pages(names: Sequence[str], files: Files) -> Pages:
    """Open the files named, in that order; those that are not there are left out. Together they may be as large as one native spec."""
    findings: list[Finding] = []
    pages: dict[str, Page] = {}
    whole = sha256()
    size = lines = 0
    for name in names:
        data = files.get(name)
        if data is None:
            continue
        whole.update(f"{name}\0{len(data)}\0".encode("utf-8", "surrogateescape"))
        whole.update(data)
        size, lines = size + len(data), lines + data.count(b"\n") + 1
        if size > MAX_BYTES or lines > MAX_LINES:
            message = f"With this file the spec has {size:,} bytes in {lines:,} lines; at most {MAX_BYTES:,} in {MAX_LINES:,} are read."
            findings.append(reading.TOO_LARGE.finding(Position(name, 1), message, "Split it into several specs."))
            continue
        source, said = open_source(name, data)
        findings.extend(said)
        if source is not None:
            pages[name] = Page(source)
    return Pages(pages, tuple(findings), Digest(whole.hexdigest()))


def without_main(place: SpecPlace, pages: Pages, files: Files, wanted: str) -> Reading:
    """The reading of a folder whose main file is not there or cannot be read."""
    there = tuple(sorted(path for path in files if place.holds(path)))
    if any(finding.position.path == wanted for finding in pages.findings):
        return Reading(place.path, None, in_line_order(pages.findings), there)
    message = f"This folder is read as a spec and has no `{wanted.removeprefix(place.path).lstrip('/')}`."
    hint = "Add it. If the folder is not meant for this format, leave the format out of `formats` in `.github/specbot.yml`."
    missing = foreign.NO_MAIN_FILE.finding(Position(there[0] if there else wanted, 1), message, hint)
    return Reading(place.path, None, in_line_order((*pages.findings, missing)), there)


def assemble(place: SpecPlace, pages: Pages, draft: Draft, config: RepositoryConfig) -> Reading:
    """The reading: the draft with what front matter and configuration say on top of it. Front matter goes before configuration."""
    source = draft.main.source
    front, front_findings = read_foreign_front_matter(source)
    said = complement_for(place.path, config.foreign)
    wishes, wish_findings = _wishes(source, front, draft, said)
    criteria = tuple(_criterion(place, found, wishes.get(found.criterion_id)) for found in draft.criteria)
    findings = [*pages.findings, *front_findings, *wish_findings, *draft.findings]
    findings += [finding for found in draft.criteria for finding in _mixed(found)]
    findings += _twice(draft.criteria)
    tasks, told = _unprotected(draft.tasks, config)
    findings += told
    homes: dict[str, set[int]] = {}
    for found in draft.criteria:
        homes.setdefault(found.position.path, set()).update(found.homes)
    for page in pages.by_path.values():
        findings += stray_commands(page.source, page.outline, homes.get(page.path, set()))
    values = front.values
    budget = values.budget if front.says("budget") else said.budget
    spec = Spec(
        path=place.path,
        title=values.title or draft.title or place.path.rpartition("/")[2],
        status=Status(values.status),
        digest=pages.digest,
        text=source.text,
        scope=tuple(values.scope) if front.says("scope") else said.scope,
        keep=tuple(_keep(source, front, said)),
        budget=BudgetWish(budget.usd, budget.tokens, budget.minutes),
        depends=tuple(values.depends),
        removes=tuple(values.removes) if front.says("removes") else said.removes,
        implement=values.implement if front.says("implement") or said.implement is None else said.implement,
        intent=draft.intent,
        context=draft.context,
        constraints=draft.constraints,
        out_of_scope=draft.out_of_scope,
        criteria=criteria,
        tasks=tasks,
        format=place.format,
        files=(source.path, *(path for path in pages.by_path if path != source.path)),
        more=tuple(Document(p.path, p.source.text) for p in pages.by_path.values() if p.path != source.path),
    )
    return Reading(place.path, spec, in_line_order(findings), spec.files)


def _wishes(
    source: Source, front: Front[ForeignFrontMatter], draft: Draft, said: Complement
) -> tuple[dict[str, ProofWish], list[Finding]]:
    """How criteria are to be proven, by id; what names no criterion is said."""
    known = {str(found.criterion_id) for found in draft.criteria}
    findings = []
    for criterion, keys in front.values.proofs.items():
        position = source.position(*front.document.place(("proofs", criterion)))
        if criterion not in known:
            message = f"`proofs` names {criterion[:80]}, which is no criterion of this spec."
            findings.append(foreign.DANGLING.finding(position, message, "Correct the id."))
        elif not is_one_proof(keys):
            message = f"`{criterion[:80]}` {ONE_PROOF}."
            findings.append(reading.MIXED_PROOF.finding(position, message, "Keep one of them."))
    own = proof_wishes(front.values.proofs)
    return {wish.criterion: wish for wish in (*draft.proofs, *said.proofs, *own)}, findings


def _criterion(place: SpecPlace, found: Found, wish: ProofWish | None) -> Criterion:
    """What stands in the criterion itself goes before what is said elsewhere."""
    kinds = {kind for kind, _ in found.commands}
    if kinds:
        kind = ProofKind.CHANGE if ProofKind.CHANGE in kinds and not found.keep else ProofKind.KEEP
        commands = tuple(command for own, command in found.commands if own in kinds and (own is kind or found.keep))
    elif found.accept:
        kind, commands = ProofKind.ACCEPT, ()
    elif wish is not None:
        kind = ProofKind.KEEP if found.keep and wish.kind is ProofKind.CHANGE else wish.kind
        commands = tuple(Command(script, found.position) for script in wish.scripts)
    else:
        kind, commands = ProofKind.NONE, ()
    return Criterion(
        criterion_id=found.criterion_id,
        spec_path=place.path,
        text=found.text,
        kind=kind,
        commands=commands,
        position=found.position,
        digest=criterion_digest(found.text, kind, [command.script for command in commands]),
        clause=found.clause or split_clause(found.text),
    )


def _mixed(found: Found) -> list[Finding]:
    written = {ProofKind.KEEP if found.keep else kind for kind, _ in found.commands}
    kinds = sorted(written | ({ProofKind.ACCEPT} if found.accept else set()))
    if len(kinds) < 2:
        return []
    message = f"{found.criterion_id} has both {' and '.join(f'`{kind_word(kind)}`' for kind in kinds)}."
    return [reading.MIXED_PROOF.finding(found.position, message, "Make it two criteria.")]


def _twice(criteria: Iterable[Found]) -> list[Finding]:
    first: dict[CriterionId, Position] = {}
    findings = []
    for found in criteria:
        known = first.setdefault(found.criterion_id, found.position)
        if known != found.position:
            message = f"{found.criterion_id} stands on line {known.line} of `{known.path}` already."
            findings.append(
                reading.DUPLICATE_ID.finding(found.position, message, "Give one of them another number or name.")
            )
    return findings


def _unprotected(tasks: Iterable[SpecTask], config: RepositoryConfig) -> tuple[tuple[SpecTask, ...], list[Finding]]:
    """The tasks without the protected paths that their prose names. Naming one is no claim to write it, so it is told and blocks nothing."""
    protected = readable_patterns(config.protected)
    decided: dict[str, str | None] = {}
    kept: list[SpecTask] = []
    findings = []
    for task in tasks:
        for pattern in task.owns:
            if pattern not in decided:
                decided[pattern] = protected.deciding(example(pattern))
        mine = tuple(pattern for pattern in task.owns if decided[pattern] is None)
        for pattern in task.owns:
            if decided[pattern] is not None:
                message = f"{task.task_id} names `{pattern[:80]}`, which is protected, so the task does not own it."
                hint = "People change protected paths themselves."
                findings.append(foreign.NOT_UNDERSTOOD.finding(task.position, message, hint))
        kept.append(task if mine == task.owns else replace(task, owns=mine))
    return tuple(kept), findings


def _keep(source: Source, front: Front[ForeignFrontMatter], said: Complement) -> Iterable[Command]:
    if not front.says("keep"):
        return [Command(script, source.position(1)) for script in said.keep]
    return [
        Command(script, source.position(*front.document.place(("keep", index))))
        for index, script in enumerate(front.values.keep)
    ]
