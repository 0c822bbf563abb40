"""What stands in for services on one machine: a Redis of our own, and the preparations of `./dev up`."""
