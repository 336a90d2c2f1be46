"""The page cache: ready bytes for readers, in front of Django. See docs/architecture.md.

application.py  the WSGI layer: what is asked, what is answered
questions.py    which requests are readers', and by what a page is known
entries.py      one page's bytes, in every coding
memory.py       the pages of a process, bounded in bytes
files.py        the pages that the processes of a machine share
generation.py   the number that every change readers can see moves on
clock.py        what a process knows of that number, and of the next moment that changes a page
"""
