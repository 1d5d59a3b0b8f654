"""The message of a commit that an agent's work becomes."""

import re
from collections.abc import Sequence

from bot.core.proofs.model import Contract
from bot.core.pulls import Person
from bot.core.runs import Run
from bot.core.specs.naming import short_name, spec_of
from bot.ids import TaskId
from bot.reporting.cut import cut
from bot.reporting.limits import COMMIT_BODY_BYTES, COMMIT_TITLE_CHARS
from bot.reporting.masking import Redactor
from bot.reporting.sanitize import one_line, plain

_TRAILER = re.compile(r"^[ \t]*(?=[A-Za-z][A-Za-z0-9-]*\s*:)", re.MULTILINE)
_SKIP = re.compile(r"\[\s*((?:skip|no)[ -]\w+|\w+[ -]skip)\s*\]|\*{3}NO_CI\*{3}", re.IGNORECASE)


def commit_message(
    title: str, summary: str, *, specs: Sequence[str], tasks: Sequence[TaskId], run: Run, redactor: Redactor
) -> str:
    """Title, what was done, and the trailers `Spec:`, `Task:`, `Specbot-Run:` and `Co-authored-by:` (the requester, unless a bot).

    `title` and `summary` may come from a spec or a model: they become neither trailers nor closing references, and switch no CI off.
    """
    subject = one_line(_quiet(redactor.mask(title)), COMMIT_TITLE_CHARS) or "Implement the spec"
    about = [
        *(f"Spec: {_value(redactor.mask(path))}" for path in specs),
        *(f"Task: {_value(task)}" for task in tasks),
    ]
    return _message(subject, _body(redactor.mask(summary)), about, run)


def contract_message(locked: Sequence[Contract], run: Run, redactor: Redactor) -> str:
    """The message of the commit that holds the contracts and nothing else: trailers `Spec:`, `Specbot-Run:`, `Contract:` (the criterion's id)."""
    names = [one.criterion for one in locked]
    specs = dict.fromkeys(spec_of(name) for name in names)
    called = [short_name(name, specs) for name in names]
    subject = one_line(_quiet(redactor.mask(f"Contracts for {', '.join(called)}")), COMMIT_TITLE_CHARS)
    told = "\n".join(f"- {name}: {one.path}, SHA-256 {one.digest}" for name, one in zip(called, locked, strict=True))
    body = f"Tests written from the spec alone, red before the change, and locked: whoever implements it may read them.\n\n{told}"
    about = [
        *(f"Spec: {_value(redactor.mask(path))}" for path in specs),
        *(f"Contract: {_value(redactor.mask(name))}" for name in called),
    ]
    return _message(subject, _body(redactor.mask(body)), about, run)


def decision_message(title: str, body: str, *, spec: str, by: Person, redactor: Redactor) -> str:
    """The message of a commit that no agent made and no run: code carried out what `by` decided. Trailers `Spec:` ("" for none), `Co-authored-by:`."""
    subject = one_line(_quiet(redactor.mask(title)), COMMIT_TITLE_CHARS) or "Carry out a decision"
    about = [f"Spec: {_value(redactor.mask(spec))}"] if spec else []
    return _signed(subject, _body(redactor.mask(body)), about, by)


def kept_message(run: Run) -> str:
    """Of the one commit that holds work which is kept and claims nothing."""
    return _message("Work that is not published", "Nothing is claimed for it; the run's comment says why.", [], run)


def _message(subject: str, body: str, about: Sequence[str], run: Run) -> str:
    return _signed(subject, body, [*about, run_trailer(run)], run.requester)


def _signed(subject: str, body: str, trailers: Sequence[str], by: Person) -> str:
    if not by.is_bot and by.user_id:
        trailers = [*trailers, f"Co-authored-by: {_co_author(by)}"]
    return "\n\n".join(part for part in (subject, body, "\n".join(trailers)) if part) + "\n"


def run_trailer(run: Run) -> str:
    """The line by which a commit is known as this run's."""
    return f"Specbot-Run: {_value(run.run_id)}"


def noreply_address(person: Person) -> str:
    """The address that GitHub attributes to an account without revealing anybody's mail: `ID+login@users.noreply.github.com`."""
    login = re.sub(r"[^A-Za-z0-9\[\]_-]", "", person.login)
    return f"{person.user_id}+{login}@users.noreply.github.com"


def _co_author(person: Person) -> str:
    name = re.sub(r"[<>]", "", _value(person.login)) or str(person.user_id)
    return f"{name} <{noreply_address(person)}>"


def _body(summary: str) -> str:
    """Prose only. What looks like a trailer becomes a list item, as only the last paragraph may hold trailers and that one is ours."""
    text = _TRAILER.sub("- ", _quiet(summary))
    paragraphs = [part.rstrip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return cut("\n\n".join(paragraphs), COMMIT_BODY_BYTES, "(cut; the run's page has all of it)")


def _quiet(text: str) -> str:
    return _SKIP.sub(lambda m: f"({(m[1] or 'no ci')})", plain(text))


def _value(text: str) -> str:
    return one_line(text)
