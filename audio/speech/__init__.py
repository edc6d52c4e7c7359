"""Turn text into clips: engines behind one port, a pool of processes for them, and one folder for each thing around."""
