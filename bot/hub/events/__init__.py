"""What the hub tells Apps, one file per event. Payloads are fixed when the change happens, not when they are sent."""
