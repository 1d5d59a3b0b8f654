"""The measure itself: it finds nothing lost in a folder that is read whole, and says what is told."""

from pathlib import Path

import pytest

from tests.core.specs.formats.kiro_writing import BUGFIX, REQUIREMENTS, TASKS, folder
from tests.measure.kiro import criterion_lines, main


def test_a_folder_that_is_read_whole_has_nothing_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, data in folder(requirements=REQUIREMENTS, tasks=TASKS + "- [ ] Deploy\n").items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    assert main(tmp_path) == 0
    said = capsys.readouterr().out
    assert f"tasks.md:{TASKS.count(chr(10)) + 1}: SB503" in said
    assert "lost: 0, false: 0" in said


def test_plain_patterns_count_the_criteria() -> None:
    assert list(criterion_lines(REQUIREMENTS.encode())) == [19, 20, 26]
    assert list(criterion_lines(BUGFIX.encode())) == [15, 17, 22, 23]
