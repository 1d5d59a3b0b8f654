"""The locked tests that stand for criteria without a command, as people read of them."""

from bot.core.proofs.model import Contract
from bot.core.runs import RunReport
from bot.reporting.counting import count
from bot.reporting.headline import prose_label
from bot.reporting.sanitize import cell, cell_code, details

DIGEST_DIGITS = 12
"""Of a SHA-256 in a table: enough to compare by eye; the ledger has all of it."""

RED_CHARS = 160
"""Of what a contract showed on the base: one line."""


def contracts_section(report: RunReport) -> str:
    """Which criterion stands on which locked file, and that it was red before, folded; "" when there is none."""
    if not report.contracts:
        return ""
    rows = [_row(one, report) for one in report.contracts]
    said = (
        "Written from the spec by a model that saw no implementation, shown red on the base, then locked: an agent that changes one has tampered. "
        "Does one not say what its criterion means? `/specbot contract reject AC-2 REASON` has another one written."
    )
    table = "\n".join(["| criterion | contract | SHA-256 | before |", "| --- | --- | --- | --- |", *rows])
    return details(f"{count(len(rows), 'locked contract')}", f"{said}\n\n{table}")


def _row(one: Contract, report: RunReport) -> str:
    name, digest = prose_label(one.criterion, report), cell_code(one.digest[:DIGEST_DIGITS])
    return f"| **{name}** | {cell_code(one.path)} | {digest} | {cell(one.red, RED_CHARS)} |"
