"""GitHub through PyGithub and raw REST, for one App."""
