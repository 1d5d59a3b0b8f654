"""git: bare mirrors, private checkouts, snapshots, pushes. `git.py` is the port; nothing but `commandline.py` starts git.

Imports only core, ids and errors.
"""
