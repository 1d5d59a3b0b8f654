"""One folder of `.kiro/specs` as a spec: which files it takes, and what they say together. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.blocks import BlockKind
from bot.core.specs.findings import in_line_order
from bot.core.specs.formats.foreign import Draft, Page, Pages, assemble, open_pages, without_main
from bot.core.specs.formats.kiro.approvals import read_approvals
from bot.core.specs.formats.kiro.criteria import CriteriaReading, read_criteria
from bot.core.specs.formats.kiro.headings import Role, is_unnumbered_requirement, role_of
from bot.core.specs.formats.kiro.references import REQUIREMENTS, References
from bot.core.specs.formats.kiro.sections import Parts, cut
from bot.core.specs.formats.kiro.tasks import TasksReading, read_tasks
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Finding, Reading, Spec
from bot.core.specs.rules import foreign, reading
from bot.core.specs.source import Files, front_lines
from bot.core.specs.tree import TreePaths

_MAIN, _BUGFIX, _TASKS, _DESIGN, _RESEARCH = "requirements.md", "bugfix.md", "tasks.md", "design.md", "research.md"
_APPROVALS = "spec.json"
_STEERING = ".kiro/steering"

_INCLUSION = re.compile(r"inclusion[ \t]*:[ \t]*[\"']?([A-Za-z]*)", re.IGNORECASE)
_DOCUMENT = re.compile(
    r"(?:requirements?(?:[ \t]document|[ \t]specification)?|bug[ -]?fix(?:[ \t]requirements)?(?:[ \t]document|[ \t]specification)?|要件(?:定義)?書?|需求文[档檔])"
    r"[ \t]*(?:$|[:：\-–—][ \t]*(?P<title>.*))",
    re.IGNORECASE,
)
"""Titles that only say what kind of file it is, perhaps with the spec's name behind."""


def wanted(place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
    """The folder's own files, and the steering files of the repository. Of a folder that has none of its own any file, to have a place for saying so."""
    names = (f"{place.path}/{name}" for name in (_MAIN, _BUGFIX, _DESIGN, _TASKS, _RESEARCH, _APPROVALS))
    own = [path for path in names if path in tree] or tree.below(place.path)[:1]
    return (*own, *(path for path in tree.below(_STEERING) if path.endswith(".md")))


def read(place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
    """The spec of a folder. `requirements.md` is its main file, `bugfix.md` where there is no such; with both, both are read."""
    names = [f"{place.path}/{name}" for name in (_MAIN, _BUGFIX, _TASKS, _DESIGN)]
    steering = [path for path in sorted(files) if path.startswith(f"{_STEERING}/") and _always(files[path])]
    pages = open_pages([*names, *steering, f"{place.path}/{_RESEARCH}"], files)
    demands = [page for name in (_MAIN, _BUGFIX) if (page := pages.by_path.get(f"{place.path}/{name}")) is not None]
    expected = _BUGFIX if f"{place.path}/{_MAIN}" not in files and f"{place.path}/{_BUGFIX}" in files else _MAIN
    if not demands or demands[0].path != f"{place.path}/{expected}":
        return without_main(place, pages, files, f"{place.path}/{expected}")
    return _with_approvals(place, files, assemble(place, pages, _draft(place, pages, demands), config))


def before(place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
    """The same folder of the base; None when there was none."""
    return read(place, files, config).spec if any(place.holds(path) for path in files) else None


def _always(data: bytes) -> bool:
    """True for a steering file that is always part of the context: those for some files only, or for when somebody asks, are left out."""
    text = data[:MAX_STEERING_FRONT].decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
    said = (_INCLUSION.match(line) for line in text.split("\n")[1 : front_lines(text)])
    return next((found[1].lower() for found in said if found is not None), "") in ("", "always")


MAX_STEERING_FRONT = 4_096
"""Bytes in which a steering file says when it is included; its front matter has three lines."""


def _draft(place: SpecPlace, pages: Pages, demands: list[Page]) -> Draft:
    design = pages.by_path.get(f"{place.path}/{_DESIGN}")
    described = [(page, cut(page)) for page in (*demands, design) if page is not None]
    readings = [read_criteria(page, parts) for page, parts in described[: len(demands)]]
    tasks_page = pages.by_path.get(f"{place.path}/{_TASKS}")
    tasks = read_tasks(tasks_page, _references(readings)) if tasks_page is not None else TasksReading((), ())
    line_by_line = [*demands, *([tasks_page] if tasks_page is not None else [])]
    return Draft(
        main=demands[0],
        title=_title(demands, place),
        criteria=tuple(criterion for one in readings for criterion in one.criteria),
        tasks=tasks.tasks,
        findings=(
            *(finding for one in readings for finding in one.findings),
            *(finding for page in demands for finding in _unnumbered(page)),
            *tasks.findings,
            *(finding for page in line_by_line for finding in _unclosed(page)),
        ),
        intent=_joined(_text(*one, Role.INTRODUCTION) for one in described[: len(demands)]),
        context=_joined(_text(*one, Role.BACKGROUND, Role.CURRENT) for one in described),
        out_of_scope=_joined(_text(*one, Role.OUT_OF_SCOPE) for one in described),
    )


def _references(readings: Sequence[CriteriaReading]) -> References:
    """What tasks may name."""
    return References(
        REQUIREMENTS,
        (str(criterion.criterion_id) for one in readings for criterion in one.criteria),
        (number for one in readings for number in one.requirements),
        (name for one in readings for name in one.known),
    )


def _title(demands: list[Page], place: SpecPlace) -> str:
    """The first heading, unless it only says what kind of file this is; else the folder's name as words."""
    headings = (heading for page in demands for heading in page.outline.headings if heading.level == 1)
    titles = (_own_title(" ".join(heading.text.split())) for heading in headings)
    words = " ".join(place.path.rpartition("/")[2].replace("-", " ").replace("_", " ").split())
    return next(filter(None, titles), words[:1].upper() + words[1:])


def _own_title(heading: str) -> str:
    """What a heading says besides the kind of file; "" for nothing."""
    kind = _DOCUMENT.match(heading)
    if kind is not None:
        return (kind["title"] or "").strip()
    return heading if role_of(heading) is Role.OTHER else ""


def _text(page: Page, parts: Parts, *roles: Role) -> str:
    """What stands under headings of these roles, deeper headings included, without the headings that opened them."""
    lines = page.source.lines
    pieces = []
    for part in parts.parts:
        if part.role in roles:
            start = part.start if part.start != part.owner else part.start + 1
            pieces.append("\n".join(lines[start - 1 : part.end]).strip("\n"))
    return _joined(pieces)


def _joined(pieces: Iterable[str]) -> str:
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _unclosed(page: Page) -> Iterator[Finding]:
    """Code blocks that swallow what follows them, where criteria and tasks are read."""
    for block in page.outline.blocks:
        if block.kind is BlockKind.FENCE and not block.closed:
            message = f"This code block is never closed and swallows the lines down to {block.end_line:,}."
            hint = "Close it with a fence as long as the opening one, indented like it."
            yield reading.UNCLOSED_FENCE.finding(page.source.position(block.line), message, hint)


def _unnumbered(page: Page) -> Iterator[Finding]:
    for heading in page.outline.headings:
        if is_unnumbered_requirement(heading.text):
            message = "This requirement has no number, so its criteria are not read."
            hint = "Number it: `### Requirement 3: …`."
            yield foreign.NOT_UNDERSTOOD.finding(page.source.position(heading.line), message, hint)


def _with_approvals(place: SpecPlace, files: Files, read_folder: Reading) -> Reading:
    """What `spec.json` says on top. It is no part of the spec's digest: who approves there changes nothing of what is demanded."""
    name = f"{place.path}/{_APPROVALS}"
    opened = open_pages([name], files)
    page = opened.by_path.get(name)
    if name not in files:
        return read_folder
    findings = (*read_folder.findings, *opened.findings, *(read_approvals(page) if page is not None else ()))
    paths = (*read_folder.files, name)
    spec = replace(read_folder.spec, files=paths) if read_folder.spec is not None else None
    return replace(read_folder, spec=spec, findings=in_line_order(findings), files=paths)
