"""JUnit XML in a file that the command writes, named in the command (`--junitxml=…`, `--outputFile=…`) or in the configuration.

Read with expat, told to refuse what XML can do beyond elements: a document type is an error (so no entity is ever declared or expanded,
and nothing outside is loaded), and size, depth and count are capped before anything is kept. The command writes the file itself: see `tap` on what
that is worth. A file that was in the tree before the command ran is not read (`bot.workflows.proving`).
"""

from dataclasses import dataclass, field
from xml.parsers import expat

from bot.core.proofs.model import TestOutcome
from bot.core.proofs.reports import MESSAGE_LENGTH, NAME_LENGTH, TESTS
from bot.core.proofs.runners.told import Teller, Told, number, told, unread

NAME = "JUnit XML"

BYTES = 4 << 20
"""A report of twenty thousand tests with their words; a longer file is refused, because half of one says something else than all of it."""

DEPTH = 30
"""Suites within suites; honest files have three levels."""

ELEMENTS = 10 * TESTS
"""Elements of one file: a test has a few of them."""

_TROUBLE = {"failure": TestOutcome.FAILED, "error": TestOutcome.ERROR, "skipped": TestOutcome.SKIPPED}


class _RefusedError(Exception):
    """The file does what no report needs."""


@dataclass(slots=True)
class _Case:
    """The test that is being read."""

    name: str
    path: str
    line: int
    outcome: TestOutcome = TestOutcome.PASSED
    words: list[str] = field(default_factory=list)
    length: int = 0


class _Document:
    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.depth = self.elements = 0
        self.root = ""
        self.case: _Case | None = None
        self.quoting = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self.elements += 1
        if self.depth > DEPTH or self.elements > ELEMENTS:
            raise _RefusedError
        tag = tag.rpartition(":")[2]
        self.root = self.root or tag
        if tag == "testcase" and self.case is None:
            self.case = _case(attributes)
        elif self.case is not None and tag in _TROUBLE:
            if self.case.outcome is not TestOutcome.ERROR:
                self.case.outcome = _TROUBLE[tag]
            self.quoting = True
            self.text(f"{attributes.get('message', '')}\n")

    def end(self, tag: str) -> None:
        self.depth -= 1
        tag = tag.rpartition(":")[2]
        if tag in _TROUBLE:
            self.quoting = False
        elif tag == "testcase" and self.case is not None:
            case, self.case = self.case, None
            self.teller.add(case.name, case.outcome, "".join(case.words), case.path, case.line)

    def text(self, data: str) -> None:
        if self.case is not None and self.quoting and self.case.length < MESSAGE_LENGTH:
            self.case.words.append(data)
            self.case.length += len(data)


def _case(attributes: dict[str, str]) -> _Case:
    """`file::class::name` as far as they are said; names repeat from class to class."""
    parts = (attributes.get("classname", ""), attributes.get("name", ""))
    name = "::".join(part for part in parts if part)
    return _Case(name[: 4 * NAME_LENGTH], attributes.get("file", "")[:NAME_LENGTH], number(attributes.get("line")))


def read(data: bytes) -> Told | None:
    """The named tests of one file; None when it is empty. A file that is no whole, plain JUnit report is a session that nobody saw end.
    Never raises."""
    if not data.strip():
        return None
    if len(data) > BYTES:
        return unread(NAME)
    teller = Teller(NAME)
    document = _Document(teller)
    parser = _parser(document)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _RefusedError, ValueError, LookupError):
        return unread(NAME)
    if document.root not in ("testsuites", "testsuite"):
        return unread(NAME)
    teller.exit_status = 1 if teller.red else 0
    return told([teller])


def _parser(document: _Document) -> "expat.XMLParserType":
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = document.start
    parser.EndElementHandler = document.end
    parser.CharacterDataHandler = document.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    return parser


def _refuse(*_: object) -> int:
    raise _RefusedError
