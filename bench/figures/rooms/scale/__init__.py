"""Several services that are one to people, behind HAProxy as docs/scale.md has it, on a real Redis: a module a figure.

All of it runs on the processors of one machine: services, HAProxy, Redis, and whatever asks.
"""
