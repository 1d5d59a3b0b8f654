"""What the demo shows: a sample repository, the pull request opened on it, and recordings of a model at work. Data, no logic."""
