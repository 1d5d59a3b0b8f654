"""A spec-kit folder as one spec: which files are wanted, and what they say together. Pure.

`spec.md` is the main file. `plan.md` and `tasks.md` belong to it; research, data model, quick start and contracts in Markdown are read along
for whoever implements, and so is the project's constitution. Check lists are not: they are about the writing of the spec.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.blocks import BlockKind
from bot.core.specs.findings import few_of_each
from bot.core.specs.formats.foreign import Draft, Page, Pages, assemble, open_pages, without_main
from bot.core.specs.formats.speckit.chapters import chapters, title_of
from bot.core.specs.formats.speckit.criteria import read_criteria
from bot.core.specs.formats.speckit.prose import constraints_of, context_of, intent_of, open_questions, out_of_scope_of
from bot.core.specs.formats.speckit.tasks import read_tasks
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Finding, Reading, Spec
from bot.core.specs.rules import hygiene, reading
from bot.core.specs.source import Files
from bot.core.specs.tree import TreePaths

CONSTITUTION = ".specify/memory/constitution.md"

MAX_CONTEXT_BYTES = 24_576
"""A file that is only read along has at most these many bytes, some six thousand tokens of every prompt; nine of ten public ones are smaller.
A longer one is left out: agents find it in the tree."""

_MAIN, _PLAN, _TASKS = "spec.md", "plan.md", "tasks.md"
_ALONG = ("research.md", "data-model.md", "quickstart.md")
_UNFILLED = b"[PROJECT_NAME]"


def wanted(place: SpecPlace, tree: TreePaths) -> tuple[str, ...]:
    """The spec's Markdown files, the ones that say what to do first, and the constitution."""
    named = [f"{place.path}/{name}" for name in (_MAIN, _PLAN, _TASKS, *_ALONG)]
    contracts = [path for path in tree.below(f"{place.path}/contracts") if path.endswith(".md")]
    return tuple(path for path in (*named, *contracts, CONSTITUTION) if path in tree)


def read(place: SpecPlace, files: Files, config: RepositoryConfig) -> Reading:
    """The folder's files as one spec. A missing plan or task list is no fault."""
    pages = _without_tool_comments(open_pages(tuple(_fitting(place, files)), files))
    main = pages.by_path.get(f"{place.path}/{_MAIN}")
    if main is None:
        return without_main(place, pages, files, f"{place.path}/{_MAIN}")
    return assemble(place, pages, _draft(place, pages, main), config)


def before(place: SpecPlace, head: Spec | None, files: Files, config: RepositoryConfig) -> Spec | None:
    """The same folder at the base; None when it had no spec."""
    return read(place, files, config).spec if f"{place.path}/{_MAIN}" in files else None


def _fitting(place: SpecPlace, files: Files) -> Iterator[str]:
    """The files to open, in the order of `wanted`; long ones that are only read along are left out, and a constitution that nobody wrote."""
    own = [f"{place.path}/{name}" for name in (_MAIN, _PLAN, _TASKS)]
    yield from own
    along = [f"{place.path}/{name}" for name in _ALONG]
    contracts = sorted(path for path in files if path.startswith(f"{place.path}/contracts/") and path.endswith(".md"))
    for path in (*along, *contracts, CONSTITUTION):
        data = files.get(path, b"")
        if 0 < len(data) <= MAX_CONTEXT_BYTES and not (path == CONSTITUTION and _UNFILLED in data):
            yield path


def _without_tool_comments(pages: Pages) -> Pages:
    """spec-kit keeps its own report as a comment on top of the constitution. Nobody who writes a spec could mend that, so it is not told."""
    told = (one for one in pages.findings if (one.position.path, one.rule) != (CONSTITUTION, hygiene.HIDDEN.rule_id))
    return replace(pages, findings=tuple(told))


def _draft(place: SpecPlace, pages: Pages, main: Page) -> Draft:
    stretches = chapters(main)
    criteria = read_criteria(main, stretches)
    plan = pages.by_path.get(f"{place.path}/{_PLAN}")
    page = pages.by_path.get(f"{place.path}/{_TASKS}")
    tasks = read_tasks(page, criteria.known) if page is not None else None
    findings = [*open_questions(main), *criteria.findings, *(tasks.findings if tasks is not None else ())]
    findings += [finding for path in (main, page) if path is not None for finding in _unclosed(path)]
    return Draft(
        main=main,
        title=title_of(main),
        criteria=criteria.found,
        tasks=tasks.tasks if tasks is not None else (),
        findings=few_of_each(findings),
        intent=intent_of(main, stretches, criteria.stories),
        context=context_of(main, stretches, plan),
        constraints=constraints_of(main, stretches, plan),
        out_of_scope=out_of_scope_of(main, stretches),
    )


def _unclosed(page: Page) -> Iterator[Finding]:
    """A fence without its end swallows what follows it, tasks and criteria included."""
    for block in page.outline.blocks:
        if block.kind is BlockKind.FENCE and not block.closed:
            message = f"This code block is never closed and swallows {block.end_line - block.line:,} lines."
            hint = "Close it with a fence as long as the opening one, indented like it."
            yield reading.UNCLOSED_FENCE.finding(page.source.position(block.line), message, hint)
