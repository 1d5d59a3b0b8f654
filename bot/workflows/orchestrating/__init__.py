"""From an issue to a draft pull request with its spec: one file for each step, and what is done on a person's word later."""
