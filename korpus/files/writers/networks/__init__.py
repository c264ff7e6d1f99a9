"""Writers of networks: one file per format of a network program."""
