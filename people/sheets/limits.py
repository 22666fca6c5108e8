"""How much of a file is read at most. A staff list of a whole city district is far below these."""

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 200

# Of workbooks, which are zip files. Sheets of real lists shrink 10 to 30 times; bombs, hundreds.
MAX_INFLATED_BYTES = 96 * 1024 * 1024
MAX_RATIO = 150
RATIO_COUNTS_FROM = 1024 * 1024  # inflated bytes: small parts may shrink as much as they like
MAX_ENTRIES = 1000
MAX_XML_ELEMENTS = 4_000_000
