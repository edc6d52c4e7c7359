"""Drive browsers that are measured: Chromium, its tabs and its traces."""
