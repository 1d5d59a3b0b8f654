"""The spec's file, as code puts it together and changes it."""

from bot.core.orchestration.questions import Answer, Question
from bot.core.orchestration.spec_text import (
    SpecDraft,
    brought_into_force,
    is_draft,
    read_spec,
    spec_text,
    with_decisions,
)
from bot.core.policy.model import RepositoryConfig
from bot.core.specs.model import BudgetWish, Severity, Status

BODY = "# Another title\n\n## Intent\n\nShort text.\n\n## Acceptance criteria\n\n- **AC-1** Text is cut.\n  ```sh verify\n  test -f cut\n  ```\n"
DRAFT = SpecDraft("Cut: text", BODY, ("src/**",), ("make test",))
ASKED = (Question("Where?", ("here", "there"), 1),)


def test_a_draft_becomes_a_file_that_reads_back() -> None:
    text = spec_text(DRAFT, Status.DRAFT, BudgetWish(2.5, None, 20))
    assert text.startswith(
        "---\nstatus: draft\nscope: [src/**]\nkeep: [make test]\nbudget: {usd: 2.5, minutes: 20}\n---\n\n# Cut: text\n\n## Intent\n"
    )
    reading = read_spec("specs/0001-cut.md", text, frozenset({"src/a.py", "Makefile"}), RepositoryConfig())
    assert not [one for one in reading.findings if one.severity is Severity.ERROR]
    assert reading.spec is not None
    assert (reading.spec.title, reading.spec.status, reading.spec.scope) == ("Cut: text", Status.DRAFT, ("src/**",))
    assert [c.criterion_id for c in reading.spec.criteria] == ["AC-1"]


def test_only_the_front_matter_brings_into_force() -> None:
    text = spec_text(SpecDraft("Cut", "status: draft\n\n" + BODY), Status.DRAFT)
    assert is_draft(text)
    ready = brought_into_force(text)
    assert not is_draft(ready)
    assert ready == text.replace("status: draft", "status: ready", 1)
    assert brought_into_force(ready) == ready
    assert brought_into_force("status: draft\n") == "status: draft\n"


def test_decisions_are_the_last_section_and_stand_there_once() -> None:
    text = spec_text(DRAFT, Status.READY)
    once = with_decisions(text, ASKED, (Answer(1, 0, "ann"),))
    assert once == f"{text}\n## Decisions\n\n- Where? **here** (decided by ann)\n"
    assert with_decisions(once, ASKED, (Answer(1, 1),)) == (
        f"{text}\n## Decisions\n\n- Where? **there** (as recommended; nobody chose)\n"
    )
    assert with_decisions(once, ASKED, ()) == text
    after = once + "\n## Notes\n\nMine.\n"
    assert "## Notes\n\nMine." in with_decisions(after, ASKED, (Answer(1, 1, "ben"),))
