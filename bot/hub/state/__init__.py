"""What the local GitHub remembers: frozen records in one store. A change replaces a record, so a record in hand never moves."""
