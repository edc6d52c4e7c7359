"""Turn text into clips: the engines behind one port, the pool of worker processes, calibration and pronunciation."""
