"""One thin file a subcommand: options in, stage called, rows out."""
