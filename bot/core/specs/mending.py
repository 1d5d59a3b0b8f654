"""Mending what can be mended without asking anybody: fixes carried out on the raw bytes, which are then read and linted anew. Pure.

Line ends, a byte-order mark and a missing last line end stay as they are, and no line is added or taken away. What would make an error
appear that was not there is left alone, however well it was meant.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from bot.core.specs.findings import MAX_FINDINGS
from bot.core.specs.invisible import remove_invisible
from bot.core.specs.model import Edit, Finding, Severity
from bot.core.specs.source import KIND_RULES, Files, open_source

MAX_LOOKS = 60
"""Readings that one call may cost. What is mended shows what stood behind it, three deep in the deepest case we know (a heading, its ids, their
commands), and where all fixes together would bring an error they are tried one by one. A heap that takes more is mended by the next call."""

_KINDS = {rule.rule_id: kind for kind, rule in KIND_RULES.items()}

Look = Callable[[Files], tuple[Finding, ...]]
"""Reads and lints the spec that these files make."""


@dataclass(frozen=True, slots=True)
class Mending:
    """`files` are those that changed, with their new content; `mended` what is gone by it, in order; `left` what there is still to say."""

    files: Files
    mended: tuple[Finding, ...]
    left: tuple[Finding, ...]


def mend(files: Files, look: Look, may_change: Callable[[str], bool] = lambda path: True) -> Mending:
    """Carry out the fixes of all findings, until nothing changes. Never raises; mends nothing more when it is called again.

    `may_change` says which of the files may be written. No rule has more errors afterwards than before.
    """
    mender = _Mender(look, frozenset(filter(may_change, files)))
    start = _State(files, look(files))
    end = mender.at_rest(start)
    changed = {path: data for path, data in end.files.items() if data != files[path]}
    return Mending(changed, tuple(sorted(end.mended, key=_place)), end.findings)


@dataclass(frozen=True, slots=True)
class _State:
    files: Files
    findings: tuple[Finding, ...]
    mended: tuple[Finding, ...] = ()

    @property
    def fixable(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.fix is not None)

    def is_worse_than(self, before: "_State") -> bool:
        """True when a rule has more errors than before. Where there are more findings than are told, only another rule's errors count."""
        now, then = _errors(self), _errors(before)
        return bool(now.keys() - then.keys() if len(before.findings) >= MAX_FINDINGS else now - then)


def _errors(state: _State) -> Counter[str]:
    return Counter(finding.rule for finding in state.findings if finding.severity is Severity.ERROR)


@dataclass(slots=True)
class _Mender:
    """Goes from state to state. Each method returns the very state it was given when there is nothing to mend, or no look left to see it."""

    look: Look
    writable: frozenset[str]
    looks: int = MAX_LOOKS

    def at_rest(self, state: _State) -> _State:
        """Where nothing more can be mended without bringing an error."""
        while True:
            step = self._all(state)
            if step.is_worse_than(state):
                step = self._one_by_one(state)
            if step is state:
                return state
            state = step

    def _all(self, state: _State, leave: Set[Finding] = frozenset()) -> _State:
        """All fixes at once, and those that show after them, but for those of `leave`."""
        while (step := self._step(state, [f for f in state.fixable if f not in leave])) is not state:
            state = step
        return state

    def _one_by_one(self, state: _State) -> _State:
        """Each fix that brings no error, with those that only show after it. Lines stay in their places, so the other findings keep theirs."""
        fixable = state.fixable
        for finding in fixable:
            step = self._all(self._step(state, [finding]), frozenset(fixable) - {finding})
            if not step.is_worse_than(state):
                state = step
        return state

    def _step(self, state: _State, findings: Sequence[Finding]) -> _State:
        """The fixes of `findings` carried out once, characters before words: these stand where they are said to only after those are gone."""
        mine = [f for f in findings if f.position.path in self.writable] if self.looks else []
        unseen = [f for f in mine if f.fix is not None and f.fix.characters]
        files = dict(state.files)
        mended: list[Finding] = []
        for path in sorted({finding.position.path for finding in unseen or mine}):
            own = [finding for finding in unseen or mine if finding.position.path == path]
            files[path], done = _clean(files[path], own) if unseen else _edited(path, files[path], own)
            mended += done
        if files == state.files:
            return state
        self.looks -= 1
        return _State(files, self.look(files), (*state.mended, *mended))


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.position.path, finding.position.line, finding.position.column


@dataclass(slots=True)
class _Raw:
    """A file's text with what reading takes away: the byte-order mark, and each line's own end."""

    mark: str
    lines: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes) -> "_Raw":
        """Bytes that are no text come back as they were."""
        text = data.decode("utf-8", "surrogateescape")
        raw = cls("\ufeff" if text.startswith("\ufeff") else "")
        *lines, last = text.removeprefix("\ufeff").split("\n")
        for line in lines:
            bare = line.removesuffix("\r")
            raw.lines.append(bare)
            raw.ends.append("\r\n" if bare != line else "\n")
        raw.lines.append(last)
        raw.ends.append("")
        return raw

    @property
    def data(self) -> bytes:
        return (self.mark + "".join(map(str.__add__, self.lines, self.ends))).encode("utf-8", "surrogateescape")


def _clean(data: bytes, findings: Sequence[Finding]) -> tuple[bytes, Sequence[Finding]]:
    """Without the kinds of characters that the findings are about."""
    raw = _Raw.of(data)
    kinds = {_KINDS[finding.rule] for finding in findings if finding.rule in _KINDS}
    text, _ = remove_invisible("\n".join(raw.lines), kinds)
    raw.lines = text.split("\n")
    return raw.data, findings


def _edited(path: str, data: bytes, findings: Sequence[Finding]) -> tuple[bytes, Sequence[Finding]]:
    """With the edits of the findings, and the findings whose edits all fitted."""
    source, _ = open_source(path, data)
    if source is None:
        return data, ()
    raw = _Raw.of(data)
    changes: dict[int, list[Edit]] = {}
    done = []
    for finding in findings:
        edits = finding.fix.edits if finding.fix is not None else ()
        if edits and all(_fits(edit, raw.lines, source.lines, changes.get(edit.line, ())) for edit in edits):
            done.append(finding)
            for edit in edits:
                changes.setdefault(edit.line, []).append(edit)
    for line, edits_of_line in changes.items():
        raw.lines[line - 1] = "".join(_pieces(raw.lines[line - 1], edits_of_line))
    return raw.data, done


def _fits(edit: Edit, raw: Sequence[str], visible: Sequence[str], others: Iterable[Edit]) -> bool:
    """True where the line is shown as it is stored, the old text stands at its place, and no other edit wants the same place."""
    inside = 0 < edit.line <= len(visible) and edit.column > 0 and bool(edit.old)
    if not inside or raw[edit.line - 1] != visible[edit.line - 1]:
        return False
    free = all(edit.column >= o.column + len(o.old) or o.column >= edit.column + len(edit.old) for o in others)
    return free and raw[edit.line - 1].startswith(edit.old, edit.column - 1)


def _pieces(line: str, edits: Iterable[Edit]) -> Iterator[str]:
    done = 0
    for edit in sorted(edits, key=lambda e: e.column):
        yield line[done : edit.column - 1]
        yield edit.new
        done = edit.column - 1 + len(edit.old)
    yield line[done:]
