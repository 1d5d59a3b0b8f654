"""How quick and how large: `python -m tests.bench [NAME…] [--write]`. Ratios against real things of the same run, never tests."""
