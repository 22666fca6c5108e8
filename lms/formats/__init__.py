"""How days and numbers are written and read, where Django's own way is not ours.

Days are typed as on Vietnamese paper in both languages: Django would read 04/05 as an American.
"""

DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = [
    f"{day} {clock}" for day in DATE_INPUT_FORMATS for clock in ("%H:%M", "%H:%M:%S")
]
