"""British: Django's `en` is American."""

from lms.formats import DATE_INPUT_FORMATS as DATE_INPUT_FORMATS
from lms.formats import DATETIME_INPUT_FORMATS as DATETIME_INPUT_FORMATS

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
FIRST_DAY_OF_WEEK = 1  # Monday
