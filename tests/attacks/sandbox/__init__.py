"""The attacks on the box, one test each, run against a service that holds things worth stealing."""
