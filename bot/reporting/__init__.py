"""What is said: every sentence a user reads. Imports only core.

Pure functions from a report to a draft of a check, a comment, a review, a reply or a commit message. Whatever stands in a report may
come from strangers and models: `Redactor.clean` takes out secrets and what nobody can see, `sanitize` makes the rest inert, `cut`
makes it fit.
"""
