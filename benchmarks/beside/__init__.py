"""What runs in the environments of other graders: each script is given a folder and prints JSON."""
