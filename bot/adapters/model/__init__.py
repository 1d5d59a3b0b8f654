"""Chat completions over HTTP, prices, and recorded models."""
