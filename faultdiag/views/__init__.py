"""A window as a tensor of rank 1 or 2."""
