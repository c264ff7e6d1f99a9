"""The front door: the registry of commands, their options, and what all commands share."""
