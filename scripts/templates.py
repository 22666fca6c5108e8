"""List our templates for djhtml. Text templates are left alone: there white space is content."""

from hygiene import our_files

if __name__ == "__main__":
    print(
        *(
            path
            for path in our_files()
            if path.suffix in {".html", ".svg"} and "templates" in path.parts
        ),
        sep="\n",
    )
