"""What the program can do, a function for each command: from parsed options to an exit status."""
