"""The Run folder: the only state there is."""
