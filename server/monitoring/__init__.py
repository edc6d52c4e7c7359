"""Monitoring: numbers for Prometheus, readiness, and a log that nobody can fill."""
