"""Other open changes that touch the same requirements: whichever is archived last overwrites the other. Pure."""

from collections.abc import Iterable, Iterator

from bot.core.specs.formats.foreign import open_pages
from bot.core.specs.formats.openspec.delta import Delta, read_delta
from bot.core.specs.formats.openspec.layout import change_of, delta_capability
from bot.core.specs.formats.openspec.requirements import short
from bot.core.specs.formats.openspec.sheet import Sheet
from bot.core.specs.layouts import SpecPlace
from bot.core.specs.model import Finding
from bot.core.specs.rules import foreign
from bot.core.specs.source import Files


def deltas_by_capability(files: Files) -> dict[str, list[str]]:
    """The paths of the open changes' deltas, in order."""
    found: dict[str, list[str]] = {}
    for path in sorted(files):
        capability = delta_capability(path)
        if capability:
            found.setdefault(capability, []).append(path)
    return found


def opened(capability: str, paths: Iterable[str], files: Files) -> Iterator[tuple[str, Delta]]:
    """The deltas at `paths`, each with its change's folder; those that cannot be read are passed over, their own change says so."""
    for path in paths:
        page = open_pages((path,), files).by_path.get(path)
        if page is not None:
            yield change_of(path), read_delta(capability, Sheet(page))


def rivalries(place: SpecPlace, deltas: Iterable[Delta], files: Files) -> Iterator[Finding]:
    """One finding for each requirement of this change and each other change that touches it."""
    others = deltas_by_capability(files)
    for delta in deltas:
        touched = delta.touched
        paths = [path for path in others.get(delta.capability, ()) if not place.holds(path)]
        for change, other in opened(delta.capability, paths, files):
            for name in sorted(other.touched.keys() & touched.keys()):
                message = f"`{change[:100]}` touches “{short(name)}” as well."
                hint = "Merge and archive one of them first, then bring the other up to date with it."
                yield foreign.RIVAL_CHANGE.finding(delta.sheet.place(touched[name]), message, hint)
