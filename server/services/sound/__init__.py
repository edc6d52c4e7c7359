"""Turn what somebody chose into what is made of it: choices, recipes, previews."""
