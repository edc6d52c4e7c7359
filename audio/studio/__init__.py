"""Run everything that computes in a process of its own: client, process, requests."""
