"""One demonstration a file: ``karat demo NAME``."""
