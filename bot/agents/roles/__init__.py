"""One role a file: what it is told, which tools it has, what it hands in."""
