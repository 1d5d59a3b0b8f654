"""A new spec: where it stands, how it is called, and what its author starts from. Pure."""

import re
import unicodedata
from collections.abc import Iterator

from bot.core.policy.model import RepositoryConfig
from bot.core.specs.conventions import Conventions, Suite
from bot.core.specs.digests import criterion_digest
from bot.core.specs.invisible import remove_invisible
from bot.core.specs.layouts import place_of
from bot.core.specs.model import Command, Criterion, Position, ProofKind, Spec, SpecFormat, SpecTask, Status
from bot.core.specs.rules.patterns import fixed_folder
from bot.core.specs.tree import TreePaths
from bot.errors import UserFault
from bot.ids import CriterionId, Digest, TaskId

DEFAULT_FOLDER = "specs"

MAX_SLUG = 50
"""Characters of a title that a file's name takes. Names have at most 255 bytes, of which a character takes four at most."""

_NUMBER = re.compile(r"([0-9]{1,6})([-_])(?![0-9]{2}[-_][0-9]{2}\b)")
"""A number that opens a file's name; a day (`2026-11-28-…`) is none."""

_INTENT = (
    "TBD: in two or three sentences, who needs this, and what can they do when it is done that they cannot do today?"
)
_CONTEXT = (
    "TBD: what is there today, and what must somebody know who changes it? Delete this section when the code says it."
)
_OUT_OF_SCOPE = "TBD: what would people expect that this does not do?"
_CRITERION = (
    "WHEN TBD THEN TBD (what can be seen from outside; one criterion for each thing, with a command that fails today)."
)


def new_path(title: str, tree: TreePaths, config: RepositoryConfig) -> str:
    """A path that is free, in the first folder that the repository's globs name, numbered like the specs that are there.

    Raises `UserFault` when the globs leave no place for a native spec, or when the name is taken.
    """
    folder, ending = _place(config)
    names = _names(folder, ending, tree, config)
    number = _next_number(names)
    path = f"{folder}/{number}{slug(title)}{ending}"
    if path in tree:
        raise UserFault(f"there is a {path} already", hint="give another title, or another place with `--path`")
    return path


def slug(title: str) -> str:
    """The title as a part of a file's name: words joined by `-`, Latin letters without their accents, other scripts as they are."""
    words = "".join(map(_in_name, unicodedata.normalize("NFC", title))).split()
    short = ""
    for word in words:
        if short and len(short) + len(word) >= MAX_SLUG:
            break
        short = f"{short}-{word}" if short else word
    return short[:MAX_SLUG] or "spec"


def skeleton(path: str, title: str, found: Conventions) -> Spec:
    """The spec that an author starts from: a draft that holds the repository's conventions, and `TBD` where words are missing."""
    proof = _proof(title, found.test)
    kind = ProofKind.CHANGE if proof else ProofKind.NONE
    nowhere = Position(path, 1)
    criterion = Criterion(
        criterion_id=CriterionId("AC-1"),
        spec_path=path,
        text=_CRITERION,
        kind=kind,
        commands=tuple(Command(script, nowhere) for script in proof),
        position=nowhere,
        digest=criterion_digest(_CRITERION, kind, proof),
    )
    task = SpecTask(
        task_id=TaskId("T-1"),
        title="TBD: one piece of work that a person could do alone",
        owns=found.scope,
        proves=(criterion.criterion_id,),
        after=(),
        claimed_done=False,
        position=nowhere,
    )
    return Spec(
        path=path,
        title=title,
        status=Status.DRAFT,
        digest=Digest(""),
        text="",
        scope=found.scope,
        keep=(Command(found.test.script, nowhere),) if found.test is not None and found.test.there else (),
        intent=_INTENT,
        context=_CONTEXT,
        out_of_scope=_OUT_OF_SCOPE,
        criteria=(criterion,),
        tasks=(task,),
        files=(path,),
    )


def readable_title(title: str) -> str:
    """The title as people see it, on one line. Raises `UserFault` when nothing is left."""
    seen = " ".join(remove_invisible(title)[0].split())
    if not seen:
        raise UserFault("a spec needs a title", hint='for example: specbot new "Cut long text at a word boundary"')
    return seen


def _place(config: RepositoryConfig) -> tuple[str, str]:
    """The folder for new specs and how their names end."""
    globs = [glob for glob in config.specs if not glob.startswith("!")]
    folders = dict.fromkeys((*filter(None, map(fixed_folder, globs)), DEFAULT_FOLDER))
    for folder in folders:
        for ending in _endings(globs):
            place = place_of(f"{folder}/0001-x{ending}", config)
            if place is not None and place.format is SpecFormat.NATIVE:
                return folder, ending
    raise UserFault(
        f"no place for a new spec follows from {', '.join(config.specs)}", hint="name one with `--path FILE`"
    )


def _endings(globs: list[str]) -> Iterator[str]:
    yield ".md"
    for glob in globs:
        ending = glob.rpartition("/")[2].removeprefix("*")
        if re.fullmatch(r"(?:\.[\w-]+)+", ending):
            yield ending


def _names(folder: str, ending: str, tree: TreePaths, config: RepositoryConfig) -> list[str]:
    """The names of the specs that stand in a folder, whatever their format: a file or a folder each."""
    below = (path.removeprefix(f"{folder}/") for path in tree.below(folder) if place_of(path, config) is not None)
    names = dict.fromkeys(path.partition("/")[0] for path in below)
    return [name for name in names if not name.lower().startswith("readme")]


def _next_number(names: list[str]) -> str:
    """The number after the highest, as wide as that one; four digits for the first spec, none where the others have none."""
    numbers = [found for found in map(_NUMBER.match, names) if found is not None]
    if not names:
        return "0001-"
    if not numbers:
        return ""
    highest = max(numbers, key=lambda found: int(found.group(1)))
    return f"{int(highest.group(1)) + 1:0{len(highest.group(1))}}{highest.group(2)}"


def _in_name(char: str) -> str:
    """What becomes of a character in a file's name; a blank for what stands between words."""
    if char in "'\u2019":
        return ""
    plain = unicodedata.normalize("NFKD", char)
    if plain[0].isascii():
        return "".join(part for part in plain if part.isascii() and part.isalnum()).lower() or " "
    return char.lower() if unicodedata.category(char)[0] in "LNM" and not remove_invisible(char)[1] else " "


def _proof(title: str, test: Suite | None) -> tuple[str, ...]:
    """The command for the first criterion: one new test alone, which is red until it is there. All tests are `keep` already."""
    one = test.of_one(slug(title)) if test is not None else ""
    return (one,) if one else ()
