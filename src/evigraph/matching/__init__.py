"""How records of one publication are found."""
