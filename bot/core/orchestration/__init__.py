"""From an issue to a spec: what was asked for, which questions are open, and the spec's text. Pure."""
