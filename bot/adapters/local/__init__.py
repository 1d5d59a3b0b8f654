"""A local clone as if it were GitHub: one pull request, from a branch of the clone onto a commit of it."""
