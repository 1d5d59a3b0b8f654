"""What can be done at the hub, one file per kind of thing: the rules, the new record and the events.

REST, the pages and the Python API all go through here. Every function wants the store's lock held, refuses with
`Refused` before it has changed anything, and announces what it did.
"""
