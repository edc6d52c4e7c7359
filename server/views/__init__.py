"""Answer HTTP requests: one blueprint a file, each of which parses, calls a service and answers."""
