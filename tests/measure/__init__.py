"""What importers find in real repositories, counted against independent expressions. Run by hand on a checkout; nothing of it is stored here."""
