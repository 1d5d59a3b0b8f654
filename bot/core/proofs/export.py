"""A pull request's ledger as JSON Lines, for keeping elsewhere and for anybody's own check.

A line is `{"repository", "number", "sequence", "previous", "hash", "record"}`; `record` is what was hashed, as an object. Its hash is SHA-256 over
`previous`, a newline and the record as JSON with sorted keys, no blanks and only ASCII. A record that is not in that form, so one that was
tampered with, stands under `body` as the text that is stored.
"""

import json
from collections.abc import Iterable, Iterator

from bot.core.codec import canonical
from bot.core.proofs.ledger import LedgerRow
from bot.errors import Defect, UserFault
from bot.ids import PrNumber


def export_lines(rows: Iterable[LedgerRow], repository: str, number: PrNumber) -> Iterator[str]:
    """One line for each record, without line ends."""
    for sequence, previous, own, body in rows:
        head = {
            "repository": repository,
            "number": number,
            "sequence": sequence,
            "previous": previous,
            "hash": own,
        }
        record = _canonical_object(body)
        yield json.dumps({**head, "body": body} if record is None else {**head, "record": record}, ensure_ascii=True)


def read_export(text: str) -> tuple[LedgerRow, ...]:
    """The rows of an export. Raises `UserFault` for a line that is none; whether they are whole is for `audit` to say."""
    return tuple(_row(line, number) for number, line in enumerate(text.splitlines(), start=1) if line.strip())


def _row(line: str, number: int) -> LedgerRow:
    try:
        data = json.loads(line)
        body = data["body"] if "body" in data else canonical(data["record"])
        row = (data["sequence"], data["previous"], data["hash"], body)
    except (ValueError, KeyError, TypeError, RecursionError, Defect) as fault:
        raise UserFault(
            f"line {number} is no line of a ledger's export", hint="`specbot ledger export` makes them"
        ) from fault
    if type(row[0]) is not int or not all(isinstance(part, str) for part in row[1:]):
        raise UserFault(f"line {number} is no line of a ledger's export", hint="`specbot ledger export` makes them")
    return row


def _canonical_object(body: str) -> object | None:
    try:
        data = json.loads(body)
        return data if isinstance(data, dict) and canonical(data) == body else None
    except (ValueError, RecursionError, Defect):
        return None
