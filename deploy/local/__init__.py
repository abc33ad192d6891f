"""The parts of ./run. Standard library only: they are imported before anything is installed."""
