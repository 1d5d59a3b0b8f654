"""EARS in its five forms, old and new, and Given/When/Then: what triggers, and what then must happen."""

import pytest

from bot.core.specs.clauses import split_clause
from bot.core.specs.model import Clause


@pytest.mark.parametrize(
    ("text", "trigger", "response"),
    [
        ("WHEN a file comes THEN the system SHALL read it", "WHEN a file comes", "the system SHALL read it"),
        ("WHEN a file comes, THE Importer SHALL read it", "WHEN a file comes", "THE Importer SHALL read it"),
        ("When a file comes, the Importer shall read it", "When a file comes", "the Importer shall read it"),
        ("WHEN a file comes THE Importer SHALL read it", "WHEN a file comes", "THE Importer SHALL read it"),
        ("WHILE it reads THE Importer SHALL show rows", "WHILE it reads", "THE Importer SHALL show rows"),
        ("While it reads the importer shall show rows", "While it reads", "the importer shall show rows"),
        ("IF a row is bad, THEN THE Importer SHALL stop", "IF a row is bad", "THE Importer SHALL stop"),
        ("If a row is bad, then the importer shall stop", "If a row is bad", "the importer shall stop"),
        (
            "WHERE rows, cells and notes are shown THE App SHALL add dates",
            "WHERE rows, cells and notes are shown",
            "THE App SHALL add dates",
        ),
        (
            "WHILE it reads, WHEN a row is bad, THE Importer SHALL go on",
            "WHILE it reads, WHEN a row is bad",
            "THE Importer SHALL go on",
        ),
        ("WHEN THE USER ASKS, THE SYSTEM SHALL ANSWER", "WHEN THE USER ASKS", "THE SYSTEM SHALL ANSWER"),
        ("WHEN it rains, all doors of the house shall close", "WHEN it rains", "all doors of the house shall close"),
        (
            "WHEN a file comes, THE Importer, if it is on, SHALL read it",
            "WHEN a file comes",
            "THE Importer, if it is on, SHALL read it",
        ),
        (
            "WHEN a file comes, THE Importer SHALL read it, and then stop",
            "WHEN a file comes",
            "THE Importer SHALL read it, and then stop",
        ),
        ("IF the user must log in THEN the system SHALL ask", "IF the user must log in", "the system SHALL ask"),
        ("WHEN a file comes, the system MUST read it", "WHEN a file comes", "the system MUST read it"),
        ("WHEN 利用者が送るTHEN システムは保存する", "WHEN 利用者が送る", "システムは保存する"),
        ("WHERE 上限があるTHE システムは止まる", "WHERE 上限がある", "THE システムは止まる"),
        ("WHEN利用者が送るTHENシステムは保存する", "WHEN利用者が送る", "システムは保存する"),
        ("When 利用者が送る、the システム shall 保存する", "When 利用者が送る", "the システム shall 保存する"),
        ("**Given** rows, **When** I ask,\n  **Then** I see them", "**Given** rows, **When** I ask", "I see them"),
        ("_Given_ rows\n_When_ I ask\n_Then_ I see them", "_Given_ rows _When_ I ask", "I see them"),
        (
            "GIVEN rows\nAND notes\nWHEN I ask\nTHEN I see them\nAND more",
            "GIVEN rows AND notes WHEN I ask",
            "I see them AND more",
        ),
    ],
)
def test_a_clause_is_split(text: str, trigger: str, response: str) -> None:
    assert split_clause(text) == Clause(trigger, response)


@pytest.mark.parametrize(
    "text",
    [
        "THE Importer SHALL read rows",
        "The importer shall read rows when asked, then stop",
        "Whenever a file comes THEN it is read",
        "WHEN_X THEN y",
        "WHEN THEN",
        "WHEN THE system SHALL",
        "WHEN",
        "WHERE",
        "when it rains it is wet",
        "取り込みが終わった時、システムは行数を示すこと",
        "",
    ],
)
def test_what_has_no_trigger_or_no_response_is_no_clause(text: str) -> None:
    assert split_clause(text) is None


@pytest.mark.parametrize("piece", ["a, ", ", the ", "THE ", "then", "*", "_", "shall ", ", ", "when "])
def test_a_text_of_a_megabyte_is_read(piece: str) -> None:
    """Read quadratically, any of these would run into the test's time limit."""
    text = "when " + piece * (1_000_000 // len(piece))
    split_clause(text)
    split_clause(f"{text} shall")
