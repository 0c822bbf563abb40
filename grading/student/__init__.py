"""The untrusted side: the few lines that run inside the wall, with the student's code."""
