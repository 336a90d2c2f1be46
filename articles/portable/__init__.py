"""The whole site as a folder that any program can write and read: see docs/portable.md."""
