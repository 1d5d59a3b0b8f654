"""The local GitHub's web pages, rendered here without scripts: look at repositories and pull requests, and act as anybody.

Sees the rest of the hub, nothing of it sees the pages. Every text shown was written by strangers and models: it goes through
Jinja's escaping, or through `markdown` and `safe_html`.
"""
