"""The whole site in a backup, and back again, on whichever engine. See docs/operations.md.

stores.py     where backups lie: one file (tar), a folder, S3
sealing.py    encryption of what is stored, where a key is set
rows.py       the rows of every table as lines of JSON, and back
making.py     makes a backup and checks what it wrote
restoring.py  looks a backup through, and only then puts it in place
"""
