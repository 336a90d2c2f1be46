"""The front door of Avion: settings, addresses, the desk's frame and the site's settings."""
