"""Learning by example: what a few records that a person has checked teach about all the others."""
