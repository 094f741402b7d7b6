"""`make chaos`: see `__main__.py`."""
