"""How much of a file is read at most: the list of a whole city, a hundred thousand people."""

MAX_BYTES = 30 * 1024 * 1024
MAX_ROWS = 120_000
MAX_COLUMNS = 200
MAX_CELLS = 5_000_000  # of the rectangle that a reader reserves: 40 columns of the longest list

# Of workbooks, which are zip files. Sheets of real lists shrink 10 to 30 times; bombs, hundreds.
MAX_INFLATED_BYTES = 192 * 1024 * 1024
MAX_RATIO = 150
RATIO_COUNTS_FROM = 1024 * 1024  # inflated bytes: small parts may shrink as much as they like
MAX_ENTRIES = 1000
MAX_XML_ELEMENTS = 5_000_000
MAX_TEXT_BYTES = 256 * 1024 * 1024  # of all cells, where many may point at one long text

# Of the old .xls, read in a process of its own.
MAX_CHILD_MEMORY = 512 * 1024 * 1024
MAX_CHILD_SECONDS = 20
