"""Load scripts: YAML with its line numbers, the exercise that it makes, and folders of them that change."""
