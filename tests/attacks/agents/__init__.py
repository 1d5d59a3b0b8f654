"""Whole runs against a model that cheats, repositories that attack, and words that command: nothing gets out, nothing gets green."""
