"""git: bare mirrors, private checkouts, pushes."""
