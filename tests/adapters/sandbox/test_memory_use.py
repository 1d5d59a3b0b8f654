"""What a box uses is counted from the moment at which it is a box."""

import os

from bot.adapters.sandbox.memory_use import box_memory


def test_before_its_file_systems_are_laid_out_a_box_has_none() -> None:
    """bubblewrap names its child before it has mounted anything: for a moment that process sees the machine's own folders, as we do."""
    assert box_memory(os.getpid(), (), exactly=True) == 0
