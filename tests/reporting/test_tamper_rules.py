"""The tamper rules' pages: one for each, with a change that trips it and nothing else."""

from importlib.resources import files

import pytest

from bot.core.ports.git import ChangedFile, ChangeKind
from bot.core.proofs.diff_lines import FileDiff, file_diffs
from bot.core.proofs.model import TamperWeight
from bot.core.proofs.tamper import RULES, Guarded, tampering
from bot.core.proofs.trusted import trusted_paths
from bot.core.specs.blocks import BlockKind, outline
from bot.errors import UserFault
from bot.reporting.tamper_rules import tamper_list, tamper_page, tamper_source
from tests.reporting.snapshot import assert_snapshot

GUARDED = Guarded(
    trusted_paths(),
    (".github/**",),
    specs=("specs/0001-cut.md",),
    contracts=("tests/contracts/test_ac_1.py",),
    commands=("sh scripts/check.sh",),
)


def changed(file: FileDiff) -> ChangedFile:
    kind = ChangeKind.DELETED if not file.new else ChangeKind.MODIFIED if file.old else ChangeKind.ADDED
    return ChangedFile(kind, file.new or file.old, "100644", "100644", "0" * 40)


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    pages = {entry.name for entry in files("bot.reporting.tamper_rules").iterdir() if entry.name.endswith(".md")}
    assert pages == {f"{rule}.md" for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_the_example_trips_its_rule_alone(rule: str) -> None:
    found = outline(tamper_source(rule))
    assert [heading.text for heading in found.headings] == ["This trips it", "What to do"]
    (diff,) = [block.content for block in found.blocks if block.kind is BlockKind.FENCE]
    findings = tampering([changed(file) for file in file_diffs(diff)], diff, GUARDED)
    assert {finding.rule for finding in findings} == {rule}


@pytest.mark.parametrize("rule", RULES)
def test_a_page_says_what_its_weight_means(rule: str) -> None:
    weight, title = RULES[rule]
    text = tamper_page(rule.lower())
    assert text.startswith(f"# {rule} {title}\n\n")
    assert (f"/specbot allow {rule} REASON" in text) is (weight is TamperWeight.SOFT)


def test_a_page_whole() -> None:
    assert_snapshot("tamper-rule-page", tamper_page("TP203"))
    assert tamper_list()[0] == "TP101  hard     a trusted test file was deleted"
    with pytest.raises(UserFault, match="no rule TP999"):
        tamper_page("TP999")
