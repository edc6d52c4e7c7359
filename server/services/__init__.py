"""Do what both the views and the command line need."""
