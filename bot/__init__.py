"""Specbot: specs in, proven pull requests out."""
