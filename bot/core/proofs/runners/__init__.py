"""Test runners: how each is recognised, how its named tests are read, and how a canary is planted in it. One file a runner.

pytest, unittest, node:test and Jest report through the harness inside the box (`reports` reads its lines). go and cargo are read from
what they print, TAP and JUnit XML from what the command itself says. Every byte is hostile; nothing here makes a result better than
the command's exit status.
"""
