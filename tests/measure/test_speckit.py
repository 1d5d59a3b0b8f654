"""The measure itself: it finds nothing lost in a folder that is read whole, and says what is told."""

from pathlib import Path

import pytest

from tests.core.specs.formats.speckit_writing import GOOD_SPEC, GOOD_TASKS, SPEC, TASKS
from tests.measure.speckit import main

UNNUMBERED = "## Phase 6: More\n- [ ] Deploy\n- [-] T010 [US1+US2] Announce it\n"


def test_a_folder_that_is_read_whole_has_nothing_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {SPEC: GOOD_SPEC, TASKS: GOOD_TASKS + UNNUMBERED}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert main(str(tmp_path)) == 0
    said = capsys.readouterr().out
    rows = {line[:34].strip(): line.split()[-1] for line in said.splitlines() if line}
    assert (rows["boxes in tasks.md"], rows["TASKS"], rows["legend lines `- [P] …`, no boxes"]) == ("11", "10", "1")
    assert (rows["[USn] in the file"], rows["of those `[US1+US2]`, `[US5a]`"]) == ("5", "1")
    deploy = (GOOD_TASKS + UNNUMBERED).split("\n").index("- [ ] Deploy") + 1
    assert f"tasks.md:{deploy}: SB503" in said
    assert said.endswith("lost or false: 0\n")
