"""French dates, times and numbers as the Imprimerie nationale writes them: 14 h 30, 1 204."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G\xa0\\h\xa0i"
DATETIME_FORMAT = "j F Y à G\xa0\\h\xa0i"
SHORT_DATETIME_FORMAT = "j/m/Y G\xa0\\h\xa0i"
THOUSAND_SEPARATOR = "\u202f"
