"""What is measured, as ratios against a floor in the same run. `python -m bench` prints it; see `__main__`."""
