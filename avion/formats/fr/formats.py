"""French dates and times as the Imprimerie nationale writes them: 30 octobre 2024, 14 h 30."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G\xa0\\h\xa0i"
DATETIME_FORMAT = "j F Y à G\xa0\\h\xa0i"
SHORT_DATETIME_FORMAT = "j/m/Y G\xa0\\h\xa0i"
