"""Statistics on arrays of numbers: no records, no text. Each function names its source."""
