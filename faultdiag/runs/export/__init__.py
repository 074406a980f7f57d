"""Export: the network of a Run as a file that other programs compute with."""
