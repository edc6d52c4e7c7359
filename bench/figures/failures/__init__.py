"""Measure what happens when processes are killed, disks are full or uploads are broken."""
