"""Tests of git on the command line."""
