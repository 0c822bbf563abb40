"""What `./dev up` runs inside the repository where a server would have services: a Redis, and the preparations."""
