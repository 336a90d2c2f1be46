"""Moving house from WordPress: its exports are read, brought over, and checked against the site.

wxr.py reads an export; importing.py brings it over; content.py turns texts into bodies; media.py
gets the files; addresses.py keeps the old links alive. Nothing on the readers' side imports this.
"""
