"""The native format: a Markdown file that reads well without the bot (DESIGN, *The native spec format*). Pure."""

from hashlib import sha256
from pathlib import PurePosixPath

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.blocks import Block, BlockKind, Outline, outline
from bot.core.specs.findings import MAX_FINDINGS, in_line_order
from bot.core.specs.formats.fixes import other_heading, whole_line
from bot.core.specs.formats.native_criteria import read_criteria
from bot.core.specs.formats.native_escapes import without_escape
from bot.core.specs.formats.native_front import misplaced_front
from bot.core.specs.formats.native_tasks import read_tasks
from bot.core.specs.formats.sections import Section, Sections, cut, heading_words, nearly_section, section_of
from bot.core.specs.front_matter import Front, FrontMatter, read_front_matter
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import BudgetWish, Command, Finding, Position, Reading, Spec, Status
from bot.core.specs.rules import reading
from bot.core.specs.source import Files, Source, open_source
from bot.core.specs.tree import TreePaths
from bot.ids import Digest


def wanted(place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
    """Its one file."""
    return (place.path,) if place.path in tree else ()


def read(place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
    """What is there and is no file with bytes of its own, such as a link, is refused."""
    if place.path not in files:
        message = "This is no regular file; links are not followed."
        refused = reading.NOT_TEXT.finding(Position(place.path, 1), message, "Put the spec itself here.")
        return Reading(place.path, None, (refused,), (place.path,))
    return read_native(place.path, files[place.path])


def before(place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
    """The same file of the base; None when there was none."""
    return read_native(place.path, files[place.path]).spec if place.path in files else None


def read_native(path: str, data: bytes) -> Reading:
    """Read one file. Never raises: what cannot be read is a finding with its place; `spec` is None only when nothing can be read.

    Takes time linear in the file, at most about a second for the largest one allowed.
    """
    source, hygiene = open_source(path, data)
    if source is None:
        return Reading(path, None, hygiene, (path,))
    front, front_findings = read_front_matter(source)
    body = "\n" * source.front + "".join(f"{line}\n" for line in source.lines[source.front :])
    document = outline(body)
    sections = cut(document, len(source.lines))
    criteria = read_criteria(source, document, sections)
    tasks = read_tasks(source, document, sections)
    findings = (
        *hygiene,
        *front_findings,
        *misplaced_front(source, document),
        *_unclosed(source, document),
        *_misspelt(source, document),
        *criteria.findings,
        *tasks.findings,
    )
    spec = Spec(
        path=path,
        title=front.values.title or _title(document, path),
        status=Status(front.values.status),
        digest=Digest(sha256(data).hexdigest()),
        text=source.text,
        scope=tuple(front.values.scope),
        keep=tuple(_keep(source, front)),
        budget=BudgetWish(front.values.budget.usd, front.values.budget.tokens, front.values.budget.minutes),
        depends=tuple(front.values.depends),
        removes=tuple(front.values.removes),
        implement=front.values.implement,
        intent=_text(source, sections, Section.INTENT),
        context=_text(source, sections, Section.CONTEXT, Section.OTHER),
        constraints=_constraints(document, sections),
        out_of_scope=_text(source, sections, Section.OUT_OF_SCOPE),
        criteria=criteria.criteria,
        tasks=tasks.tasks,
        files=(path,),
    )
    return Reading(path, spec, in_line_order(findings), (path,))


def _title(document: Outline, path: str) -> str:
    for heading in document.headings:
        if heading.level == 1 and section_of(heading.text) is Section.OTHER and heading.text.strip():
            return " ".join(heading.text.split())
    return PurePosixPath(path).stem or path


def _keep(source: Source, front: Front[FrontMatter]) -> list[Command]:
    commands = []
    for index, script in enumerate(front.values.keep):
        line, column = front.document.place(("keep", index))
        commands.append(Command(script, source.position(line, column)))
    return commands


def _text(source: Source, sections: Sections, *wanted: Section) -> str:
    pieces = (
        "\n".join(source.lines[max(part.start - 1, source.front) : part.end]).strip("\n")
        for part in sections.of(*wanted)
    )
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _constraints(document: Outline, sections: Sections) -> tuple[str, ...]:
    """One constraint for each item, and for each paragraph that stands in no item."""
    inside: set[int] = set()
    found: list[tuple[int, str]] = []
    for item in document.items:
        if item.depth == 1 and sections.at(item.line) is Section.CONSTRAINTS:
            inside.update(block.line for block in item.blocks)
            found.append((item.line, " ".join(" ".join(map(_constraint, item.blocks)).split())))
    for block in document.blocks:
        alone = block.line not in inside and sections.at(block.line) is Section.CONSTRAINTS
        if alone and block.kind is BlockKind.TEXT:
            found.append((block.line, " ".join(_constraint(block).split())))
    return tuple(text for _, text in sorted(found) if text)


def _constraint(block: Block) -> str:
    return without_escape(block.content) if block.kind is BlockKind.TEXT else block.content


def _unclosed(source: Source, document: Outline) -> list[Finding]:
    findings = []
    for block in document.blocks:
        if block.kind is BlockKind.FENCE and not block.closed:
            swallowed = block.end_line - block.line
            lines = "1 line" if swallowed == 1 else f"{swallowed:,} lines"
            message = f"This code block is never closed and swallows {lines}."
            hint = "Close it with a fence as long as the opening one, indented like it."
            if block.depth:
                hint = "Indent its lines and its closing fence as far as the opening one: what is less indented is outside of the item."
            findings.append(reading.UNCLOSED_FENCE.finding(source.position(block.line), message, hint))
    return findings


def _misspelt(source: Source, document: Outline) -> list[Finding]:
    findings = []
    for heading in document.headings[:MAX_FINDINGS]:
        near = nearly_section(heading.text)
        if near:
            message = "This heading opens no section that is read."
            meant = near.capitalize()
            fix = other_heading(source, heading, meant) if not set("([") & set(heading.text) else None
            position = source.position(heading.line)
            findings.append(reading.NEARLY_SECTION.finding(position, message, f"Did you mean `{meant}`?", fix))
    for block in document.blocks:
        found = heading_words(block.content) if block.kind is BlockKind.TEXT and block.depth == 0 else ""
        if found and len(findings) < MAX_FINDINGS:
            fix = whole_line(source, block.line, found)
            message = "This line is no heading, so it opens no section."
            hint = f"Write it as a heading: `{found}`."
            findings.append(reading.NEARLY_SECTION.finding(source.position(block.line), message, hint, fix))
    return findings
